"""espeak-ng with the time of every phoneme: its library, called by ctypes.

The command-line program tells times for MBROLA voices alone. The library reports a
phoneme event, with its IPA name and its place in ms, for any voice.
"""
import ctypes as c
import ctypes.util

import numpy as np
from scipy.signal import resample_poly

RATE = 16000
_LIST_TERMINATED, _PHONEME = 0, 7
_RATE, _PITCH, _RANGE = 1, 3, 4


class _Id(c.Union):
    _fields_ = [("number", c.c_int), ("name", c.c_char_p), ("string", c.c_char * 8)]


class _Event(c.Structure):
    _fields_ = [("type", c.c_int), ("unique_identifier", c.c_uint), ("text_position", c.c_int),
                ("length", c.c_int), ("audio_position", c.c_int), ("sample", c.c_int),
                ("user_data", c.c_void_p), ("id", _Id)]


_lib = c.CDLL(ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1")
# synchronous: the samples go to the callback before the call returns; phoneme events in IPA
_lib.espeak_Initialize(2, 0, None, 0x0001 | 0x0002)
_chunks, _events = [], []


@c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_int, c.POINTER(_Event))
def _collect(samples, count, events):
    if count > 0:
        _chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
    for event in events:
        if event.type == _LIST_TERMINATED:
            break
        if event.type == _PHONEME:
            _events.append((event.audio_position, bytes(event.id.string).rstrip(b"\0").decode()))
    return 0


def speak(text, words_per_minute):
    """(float32 samples at 16 kHz, [(start in ms, IPA)]) of American English, all on one pitch, so that any two
    pieces join."""
    _chunks.clear()
    _events.clear()
    _lib.espeak_SetSynthCallback(_collect)
    _lib.espeak_SetVoiceByName(b"en-us")
    for parameter, value in ((_RATE, words_per_minute), (_PITCH, 50), (_RANGE, 0)):
        _lib.espeak_SetParameter(parameter, value, 0)
    data = text.encode()
    # UTF-8, and phonemes in [[ ]] are taken as such
    _lib.espeak_Synth(data, c.c_size_t(len(data) + 1), 0, 1, 0, 1 | 0x100, None, None)
    pcm = np.concatenate(_chunks).astype(np.float32) / 32768
    return resample_poly(pcm, 320, 441).astype(np.float32), list(_events)


def ipa(text):
    """The IPA of a text as Piper's frontend gets it, with the marks of stress."""
    _lib.espeak_SetVoiceByName(b"en-us")
    _lib.espeak_TextToPhonemes.restype = c.c_char_p
    rest = c.c_char_p(text.encode())
    clauses = []
    while rest.value is not None:
        clauses.append(_lib.espeak_TextToPhonemes(c.byref(rest), 1 | 0x100, 0x02).decode())
    return " ".join(clauses)
