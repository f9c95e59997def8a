"""What runs in the processes of a cluster's workers."""

import collections
import functools
from typing import Tuple

import chaincard

#: Most bytes of points whose prepared bases a process keeps.
MOST_BYTES = 1 << 28

#: Prepared bases and their bytes, those used last at the end.
_bases: "collections.OrderedDict[str, Tuple[chaincard.Bases, int]]" = collections.OrderedDict()


def attempt(work, *arguments):
    """The result of ``work``, or the exception by which chaincard says why there is none.

    As a result, as exceptions by which a task ends lose their attributes on their way.
    """
    try:
        return work(*arguments)
    except chaincard.ChaincardError as error:
        # The next part opens the device anew.
        device.cache_clear()
        return error


@functools.lru_cache(maxsize=None)
def device(name):
    """The device of this name, opened once in each process."""
    return chaincard.open(name)


def hash_many(name, algorithm, messages):
    return device(name).hash_many(algorithm, messages)


def verify_many(name, scheme, messages, public_keys, signatures, rules):
    return device(name).verify_many(scheme, messages, public_keys, signatures, **rules)


def multiply(name, curve, key, points, scalars):
    """A sum of products; ``key`` names the points, so that they are prepared once."""
    return _prepared(curve, key, points).msm(scalars, device=device(name))


def _prepared(curve, key, points):
    bases = _bases.pop(key, None) or (chaincard.Bases(curve, points), points.nbytes)
    _bases[key] = bases
    # Those not used for longest go first; the latest stay, however many they are.
    while len(_bases) > 1 and sum(size for _, size in _bases.values()) > MOST_BYTES:
        _bases.popitem(last=False)
    return bases[0]
