"""Devices that the tests run on."""

import chaincard
import pytest


@pytest.fixture(scope="session")
def cpu():
    return chaincard.open("cpu")


@pytest.fixture(scope="session")
def sim():
    return chaincard.open("sim")
