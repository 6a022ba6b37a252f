"""The units of the demo voice: diphones, cut from the middle of one phone to the middle of the next."""
import itertools
import re

import numpy as np

import espeak
import phrases

OVERLAP = 64  # samples that two units share at a join, 4 ms
SILENCE = "#"
PAUSE_MS = 170  # of silence at a comma, and at either end

# Two letters of IPA that are one sound.
MERGED = ["aɪ", "aʊ", "eɪ", "oʊ", "ɔɪ", "tʃ", "dʒ", "iː", "uː", "ɑː", "ɔː", "ɜː", "oː", "n̩"]
VOWELS = ["aɪ", "aʊ", "eɪ", "oʊ", "ɔɪ", "iː", "uː", "ɑː", "ɔː", "ɜː", "oː", "æ", "ɛ", "ɪ", "i", "ʌ", "ʊ", "ə", "ɚ", "ɐ",
          "ᵻ", "ɔ", "ɑ", "u", "e", "o", "a"]
STOPS = set("ptkbdgɡ") | {"tʃ", "dʒ", "ɾ", "ʔ"}

# espeak-ng's own names of the phonemes of American English, for the pairs that no sentence of ours has.
_CONSONANTS = "p b t d k g f v T D s z S Z tS dZ h m n N l r w j t#".split()
_VOWEL_NAMES = "a E I i 0 A: O: V U u: 3: 3 @ I2 a# eI aI aU OI oU o@".split()


def phones_of(text):
    """IPA as phones: 'həloʊ' -> ['h', 'ə', 'l', 'oʊ']."""
    return re.findall("|".join(MERGED) + "|.", text.replace("r", "ɹ"))


def _stresses(text):
    """(phone, stressed) of a text's IPA, without spaces."""
    found, stressed = [], False
    for phone in phones_of(re.sub(r"[\sˌ‍]", "", espeak.ipa(text))):
        if phone == "ˈ":
            stressed = True
        else:
            found.append((phone, stressed and phone in VOWELS))
            stressed = stressed and phone not in VOWELS
    return found


def _timed(text, speed):
    """(samples, [(phone with its stress mark, start, end)]) with the silences, in samples."""
    pcm, events = espeak.speak(text, speed)
    spans = []
    for (start, name), (end, _) in itertools.pairwise([*events, (len(pcm) / 16, "")]):
        parts = phones_of(name) or [SILENCE]
        edges = np.linspace(start, end, len(parts) + 1) * 16
        spans += [(part, int(a), int(b)) for part, a, b in zip(parts, edges, edges[1:])]
    spans = [span for span in spans if span[2] > span[1]]
    stresses = _stresses(text)
    if [phone for phone, *_ in spans if phone != SILENCE] != [phone for phone, _ in stresses]:
        return pcm, None
    known = iter(stresses)
    marked = []
    for phone, start, end in spans:
        if phone == SILENCE:
            if marked and marked[-1][0] == SILENCE:
                marked[-1] = (SILENCE, marked[-1][1], end)
                continue
            marked.append((phone, start, end))
        else:
            _, stressed = next(known)
            marked.append(("ˈ" * stressed + phone, start, end))
    if marked[0][0] != SILENCE:
        marked.insert(0, (SILENCE, 0, marked[0][1]))
    if marked[-1][0] != SILENCE:
        marked.append((SILENCE, marked[-1][2], len(pcm)))
    return pcm, marked


def _cut(pcm, phone, start, end):
    """Where a phone is cut: a stop in its closure, another at a peak of the pitch near its middle."""
    bare = phone.lstrip("ˈ")
    if bare in STOPS:
        frame = 96
        best = min(range(start, max(start + 1, start + (end - start) * 6 // 10), 16),
                   key=lambda at: float(np.square(pcm[max(0, at - frame):at + frame]).sum()))
        return best
    middle = (start + end) // 2
    reach = 90  # half a period at the lowest pitch
    low = np.convolve(pcm[max(0, middle - reach - 16):middle + reach + 16], np.ones(17) / 17, "same")
    return max(0, middle - reach - 16) + 16 + int(np.argmax(low[16:-16])) if len(low) > 40 else middle


def harvest(text, speed=165):
    """Every diphone of a text: ((first, second), samples)."""
    pcm, spans = _timed(text, speed)
    if spans is None:
        return
    silence = PAUSE_MS * 8
    pcm = np.pad(pcm, silence + OVERLAP)
    shift = silence + OVERLAP
    spans = [(p, a + shift, b + shift) for p, a, b in spans]
    half = OVERLAP // 2
    for (p, a, b), (q, c, d) in itertools.pairwise(spans):
        first = c - silence if p == SILENCE else _cut(pcm, p, a, b)
        last = b + silence if q == SILENCE else _cut(pcm, q, c, d)
        yield (p, q), pcm[max(0, first - half):last + half].copy()


def _carriers():
    """Texts in espeak-ng's own notation that have every pair of phonemes, vowels with and without stress."""
    named = _CONSONANTS + _VOWEL_NAMES + ["'" + vowel for vowel in _VOWEL_NAMES]

    def is_vowel(name):
        return name.lstrip("'") in _VOWEL_NAMES

    for first, second in itertools.product(named, named):
        before = "t" if is_vowel(first) else "t@"
        after = "t" if is_vowel(second) else "@t"
        yield f"[[{before}{first}||{second}{after}]]"
    for name in named:
        yield f"[[{'@' if not is_vowel(name) else 't'}{name}]]"
        yield f"[[{name}{'@' if not is_vowel(name) else 't'}]]"


def units():
    """(first, second) -> samples of every unit. Sentences of ours come before made-up carriers: they sound natural."""
    found = {}
    words = phrases.PARTNER_WORDS + phrases.EXTRA_WORDS
    texts = phrases.ENGLISH + [" ".join(words[i:i + 6]) + "." for i in range(0, len(words), 6)]
    for text in texts:
        for pair, pcm in harvest(text):
            found.setdefault(pair, []).append(pcm)
    natural = len(found)
    for carrier in _carriers():
        for pair, pcm in harvest(carrier):
            if pair not in found or found[pair][0] is None:
                found.setdefault(pair, [None]).append(pcm)
    print(f"{natural} pairs from sentences, {len(found) - natural} from carriers")
    chosen = {}
    for pair, takes in found.items():
        takes = sorted((take for take in takes if take is not None), key=len)
        chosen[pair] = takes[len(takes) // 2]
    return chosen
