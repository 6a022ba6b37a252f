"""espeak-ng rendering and trimming, in numpy."""
import struct
import subprocess

import numpy as np
from scipy.signal import resample_poly

RATE = 16000


def espeak(text, voice, speed=160, pitch=50):
    """Speech for `text`: float32 in [-1, 1] at 16 kHz, silence trimmed at both ends."""
    wav = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch),
         "--stdout", text],
        check=True, capture_output=True).stdout
    rate, = struct.unpack_from("<I", wav, 24)
    pcm = np.frombuffer(wav[44:len(wav) & ~1], dtype="<i2").astype(np.float32) / 32768
    if rate == 22050:
        pcm = resample_poly(pcm, 320, 441).astype(np.float32)
    elif rate != RATE:
        raise ValueError(f"unexpected espeak-ng rate {rate}")
    return trim(pcm)


def trim(pcm, threshold=0.01, margin=0.01):
    loud = np.flatnonzero(np.abs(pcm) > threshold * max(1e-6, np.abs(pcm).max()))
    if len(loud) == 0:
        return pcm[:0]
    pad = int(margin * RATE)
    return pcm[max(0, loud[0] - pad):loud[-1] + pad]
