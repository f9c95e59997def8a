"""The examples in the extension's documentation: pytest finds those in Python files itself."""

import doctest

import chaincard
import pytest

OBJECTS = {
    "devices": chaincard.devices,
    "open": chaincard.open,
    "msm": chaincard.msm,
    "Bases": chaincard.Bases,
    "Bases.msm": chaincard.Bases.msm,
    "blob_to_kzg_commitment": chaincard.blob_to_kzg_commitment,
    "Device.hash_many": chaincard.Device.hash_many,
    "Device.verify_many": chaincard.Device.verify_many,
    "Device.recover_many": chaincard.Device.recover_many,
}


@pytest.mark.parametrize("name", OBJECTS)
def test_examples(name):
    flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    runner = doctest.DocTestRunner(optionflags=flags)
    text = OBJECTS[name].__doc__
    test = doctest.DocTestParser().get_doctest(text, {}, name, None, None)
    assert test.examples
    output = []
    runner.run(test, out=output.append)
    assert runner.failures == 0, "".join(output)
