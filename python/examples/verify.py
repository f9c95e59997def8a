"""Signatures in bulk: run as a script, or cell by cell as a notebook (Jupytext percent format)."""

# %% [markdown]
# # Verify signatures on the best device there is
#
# `verify_many` takes messages or digests, public keys and signatures, each as a 2-D `uint8`
# array with one in each row or as a list of `bytes`, and gives a `uint8` array of verdicts:
# 1 is valid, everything else is not, and `chaincard.Verdict` says why.

# %%
import time

import chaincard
import numpy as np
from chaincard import Verdict

device = chaincard.open("auto")
print(device, device.schemes)

# %% [markdown]
# ## An Ed25519 signature (RFC 8032, section 7.1, test 2), many times over

# %%
COUNT = 2000
key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
signature = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
messages = np.full((COUNT, 1), 0x72, dtype=np.uint8)
keys = np.tile(np.frombuffer(key, np.uint8), (COUNT, 1))
signatures = np.tile(np.frombuffer(signature, np.uint8), (COUNT, 1))

start = time.perf_counter()
verdicts = device.verify_many("ed25519", messages, keys, signatures)
seconds = time.perf_counter() - start
print(f"{(verdicts == Verdict.VALID).sum()} of {COUNT} valid, {COUNT / seconds:,.0f} per second")

# %% [markdown]
# ## What is wrong with a signature?
#
# Whatever is in the rows, there is a verdict and no exception.

# %%
messages[0] = ord("?")
signatures[1, 63] = 0xFF
keys[2] = 0x02
verdicts = device.verify_many("ed25519", messages, keys, signatures)
for index in np.flatnonzero(verdicts != Verdict.VALID):
    print(index, Verdict(verdicts[index]).name)

# %% [markdown]
# ## Rules differ between chains
#
# The low-s rule of Ethereum transactions refuses what the precompile takes.

# %%
ONE = bytes(31) + b"\1"
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
high = ONE + (N - 2).to_bytes(32, "big") + b"\0"
for profile in ("ethereum", "ethereum-transaction"):
    verdicts, recovered = device.recover_many([ONE], [high], profile=profile)
    print(profile, Verdict(verdicts[0]).name, recovered[0, :4].tobytes().hex())
