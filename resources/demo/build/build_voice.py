#!/usr/bin/env python3
"""Builds micro-voice: a voice in Piper's form for sherpa-onnx's OfflineTts, which says any English.

sherpa-onnx turns a text into IPA with espeak-ng and the IPA into token ids, one for each letter. The network makes
phones of the letters, looks up the diphone of each two neighbours, and adds the diphones' samples up with a short
cross-fade. The diphones were spoken by espeak-ng (diphones.py).

Usage: build_voice.py OUT_DIR
"""
import itertools
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import diphones
from espeak import RATE

BLANK, BEGIN, END, STRESS = "_", "^", "$", "ˈ"
MARKS = ",.;:!?"
IGNORED = " ˌ'\"()-—…"
DATA = Path("/usr/lib/x86_64-linux-gnu/espeak-ng-data")
# What espeak-ng needs for English; en-US is the file of the voice en-us.
ENGLISH_DATA = ["phontab", "phonindex", "phondata", "intonations", "en_dict", "lang/gmw/en", "lang/gmw/en-US"]


class Ids(dict):
    """Numbers given out in order."""

    def of(self, key):
        return self.setdefault(key, len(self))


def fade_and_quantise(units):
    """(bank of int8, starts, lengths, scales) of the units, their ends faded so that neighbours add up to one."""
    ramp = np.square(np.sin(np.linspace(0, np.pi / 2, diphones.OVERLAP))).astype(np.float32)
    bank, starts, lengths, scales, at = [], [], [], [], 0
    for pcm in units:
        pcm = pcm.copy()
        pcm[:len(ramp)] *= ramp
        pcm[-len(ramp):] *= ramp[::-1]
        scale = max(float(np.abs(pcm).max()), 1e-4) / 127
        bank.append(np.round(pcm / scale).astype(np.int8))
        starts.append(at)
        lengths.append(len(pcm))
        scales.append(scale)
        at += len(pcm)
    return np.concatenate(bank), np.array(starts), np.array(lengths), np.array(scales, np.float32)


def tables():
    """(tokens: letter -> id, initialisers by name)."""
    found = diphones.units()
    loudest = max(float(np.abs(pcm).max()) for pcm in found.values())
    found = {pair: pcm * (0.7 / loudest) for pair, pcm in found.items()}
    found[diphones.SILENCE, diphones.SILENCE] = np.zeros(RATE * 200 // 1000, np.float32)

    tokens, kinds = Ids(), Ids()
    for letter in [BLANK, BEGIN, END, *IGNORED, *MARKS, STRESS]:
        tokens.of(letter)
    plain = sorted({phone.lstrip(STRESS) for pair in found for phone in pair} - {diphones.SILENCE})
    for letter in sorted(set("".join(plain)) | {"r", "g", "ʔ", "x", "ɬ", "ː", "̩"}):
        tokens.of(letter)

    # Kinds of a letter: 0 is ignored, 1 the mark of stress, 2 silence; then every letter and every phone.
    for kind in ("ignored", STRESS, diphones.SILENCE):
        kinds.of(kind)
    alias = {"r": "ɹ", "g": "ɡ", "ʔ": "t", "x": "k", "ɬ": "l"}
    letter_kind = np.zeros(len(tokens), np.int64)
    for letter, number in tokens.items():
        if letter in BLANK + IGNORED:
            continue
        silent = letter in BEGIN + END + MARKS
        letter_kind[number] = kinds.of(diphones.SILENCE if silent else alias.get(letter, letter))
    for phone in plain:
        kinds.of(phone)
    merged = np.zeros((len(kinds), len(kinds)), np.int64)
    for phone in plain:
        if len(phone) == 2:
            merged[kinds[phone[0]], kinds[phone[1]]] = kinds[phone]
    # A mark of length after a sound that has no long form changes nothing.
    for kind, number in list(kinds.items()):
        if number > 1 and merged[number, kinds["ː"]] == 0:
            merged[number, kinds["ː"]] = number

    numbers = {pair: index for index, pair in enumerate(found)}
    phones = [diphones.SILENCE, *plain]
    pair_unit = np.zeros((2 * len(kinds), 2 * len(kinds)), np.int64)
    everyone = [(kind, stressed) for kind in kinds for stressed in (0, 1)]
    for (p, a), (q, b) in itertools.product(everyone, everyone):
        pair_unit[2 * kinds[p] + a, 2 * kinds[q] + b] = numbers[nearest(found, (p, a), (q, b), phones)]

    bank, starts, lengths, scales = fade_and_quantise(found.values())
    return tokens, {
        "letter_kind": letter_kind, "merged": merged.reshape(-1), "pair_unit": pair_unit.reshape(-1),
        "kinds": np.array([len(kinds)]), "both_kinds": np.array([2 * len(kinds)]),
        "bank": bank, "starts": starts, "lengths": lengths, "unit_scales": scales,
    }


# What stands for a phone that has no diphone with a neighbour.
SIMILAR = {"ɐ": "ə", "ɚ": "ɜː", "ɔ": "ɔː", "o": "oʊ", "e": "ɛ", "a": "æ", "ɑ": "ɑː", "ᵻ": "ɪ", "u": "uː", "i": "iː",
           "ɜ": "ɜː", "ɾ": "d", "ŋ": "n", "n̩": "n", "ʒ": "ʃ", "oː": "ɔː", "ʌ": "ə", "ɜː": "ɚ", "ɔː": "ɑː"}


def nearest(found, first, second, phones):
    """The pair of `found` that stands for two phones: itself, without stress, with a similar phone, or with ə."""
    def forms(kind, stressed):
        chain = [kind]
        while SIMILAR.get(chain[-1]) and SIMILAR[chain[-1]] not in chain:
            chain.append(SIMILAR[chain[-1]])
        for phone in [*chain, "ə"]:
            yield from ([STRESS + phone, phone] if stressed else [phone, STRESS + phone])
    if first[0] not in phones or second[0] not in phones:
        return diphones.SILENCE, diphones.SILENCE
    for p in forms(*first):
        for q in forms(*second):
            if (p, q) in found:
                return p, q
    return diphones.SILENCE, diphones.SILENCE


def build_onnx(initialisers):
    constants = {"flat": [-1], "zero": [0], "one": [1], "two": [2], "none": [-1], "far": [2**62],
                 "overlap": [diphones.OVERLAP], "wave_shape": [1, 1, -1], "silence": [2]}
    scalars = {"zero_": 0, "one_": 1}
    init = [numpy_helper.from_array(np.asarray(v), k) for k, v in initialisers.items()]
    init += [numpy_helper.from_array(np.array(v, np.int64), k) for k, v in {**constants, **scalars}.items()]
    init += [numpy_helper.from_array(np.array([1, 1], np.float32), "ones"),
             numpy_helper.from_array(np.array([], np.float32), "roi")]
    nodes = []

    def n(op, inputs, output, **attributes):
        nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def kept(flags, name):
        return n("Reshape", [n("NonZero", [flags], name + "_nz"), "flat"], name)

    def before(x, name, filler="silence"):
        return n("Concat", [filler, n("Slice", [x, "zero", "none"], name + "_cut")], name, axis=0)

    def after(x, name):
        return n("Concat", [n("Slice", [x, "one", "far"], name + "_cut"), "silence"], name, axis=0)

    n("Reshape", ["input", "flat"], "ids")
    n("Gather", ["letter_kind", "ids"], "all_kinds")
    n("Gather", ["all_kinds", kept(n("Greater", ["all_kinds", "zero"], "sounding"), "sounding_at")], "marked")
    # the mark of stress is for the letter after it
    n("Equal", [before("marked", "letter_before"), "one"], "after_mark")
    n("Cast", ["after_mark"], "stress_all", to=TensorProto.INT64)
    kept(n("Not", [n("Equal", ["marked", "one"], "is_mark")], "is_letter"), "letters_at")
    n("Gather", ["marked", "letters_at"], "letters")
    n("Gather", ["stress_all", "letters_at"], "stress_letters")
    # two letters that are one sound
    n("Mul", ["letters", "kinds"], "row")
    n("Gather", ["merged", n("Add", ["row", after("letters", "next_letter")], "with_next")], "merger")
    n("Greater", ["merger", "zero"], "merges")
    n("Where", ["merges", "merger", "letters"], "sounds")
    n("Cast", ["merges"], "merges_i", to=TensorProto.INT64)
    kept(n("Equal", [before("merges_i", "merged_before", "zero"), "zero"], "is_first"), "phones_at")
    n("Gather", ["sounds", "phones_at"], "phones")
    n("Gather", ["stress_letters", "phones_at"], "stress")
    n("Add", [n("Mul", ["phones", "two"], "twice"), "stress"], "stressed_phones")
    # neighbours as units
    n("Slice", ["stressed_phones", "zero", "none"], "first")
    n("Slice", ["stressed_phones", "one", "far"], "second")
    n("Gather", ["pair_unit", n("Add", [n("Mul", ["first", "both_kinds"], "pair_row"), "second"], "pair")], "unit")
    n("Gather", ["lengths", "unit"], "length")
    n("Gather", ["starts", "unit"], "start")
    n("Gather", ["unit_scales", "unit"], "scale")
    n("CumSum", ["length", "zero_"], "read_start", exclusive=1)
    n("ReduceSum", ["length"], "read_total", keepdims=0)
    n("Range", ["zero_", "read_total", "one_"], "read")
    # which unit each sample that is read belongs to: 1 is added at each start
    n("ConstantOfShape", [n("Reshape", ["read_total", "flat"], "read_shape")], "no_marks",
      value=helper.make_tensor("v", TensorProto.INT64, [1], [0]))
    n("ConstantOfShape", [n("Shape", ["unit"], "unit_shape")], "unit_marks",
      value=helper.make_tensor("v", TensorProto.INT64, [1], [1]))
    n("ScatterElements", ["no_marks", "read_start", "unit_marks"], "starting", axis=0)
    n("Sub", [n("CumSum", ["starting", "zero_"], "counted"), "one"], "of_unit")
    n("Sub", ["read", n("Gather", ["read_start", "of_unit"], "my_read_start")], "within")
    n("Gather", ["bank", n("Add", ["within", n("Gather", ["start", "of_unit"], "my_start")], "source")], "raw_i8")
    n("Cast", ["raw_i8"], "raw", to=TensorProto.FLOAT)
    n("Mul", ["raw", n("Gather", ["scale", "of_unit"], "my_scale")], "sample")
    # every unit begins before the one before it ends
    n("Mul", ["of_unit", "overlap"], "shared")
    n("Sub", ["read", "shared"], "place")
    n("ReduceMax", ["place"], "last", keepdims=1, axes=[0])
    n("ConstantOfShape", [n("Add", ["last", "one"], "wave_length")], "silent",
      value=helper.make_tensor("v", TensorProto.FLOAT, [1], [0.0]))
    n("ScatterElements", ["silent", "place", "sample"], "wave", axis=0, reduction="add")
    # Piper's scales: noise, length, noise of the lengths
    n("Slice", ["scales", "one", "two"], "length_scale")
    n("Concat", ["ones", "length_scale"], "resize", axis=0)
    n("Resize", [n("Reshape", ["wave", "wave_shape"], "wave4"), "roi", "resize"], "output", mode="linear",
      coordinate_transformation_mode="asymmetric")

    i64, f32 = TensorProto.INT64, TensorProto.FLOAT
    v = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes, "micro-voice",
        [v("input", i64, [1, "L"]), v("input_lengths", i64, [1]), v("scales", f32, [3])],
        [v("output", f32, [1, 1, "N"])], init)
    model = helper.make_model(graph, producer_name="micro-voice", opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    for key, value in {"model_type": "vits", "comment": "piper", "language": "English", "voice": "en-us",
                       "has_espeak": 1, "n_speakers": 1, "sample_rate": RATE,
                       "description": "self-made demo voice, diphones of espeak-ng"}.items():
        model.metadata_props.add(key=key, value=str(value))
    onnx.checker.check_model(model)
    return model


def main(out):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    tokens, initialisers = tables()
    onnx.save(build_onnx(initialisers), str(out / "model.onnx"))
    with open(out / "tokens.txt", "w", encoding="utf-8") as f:
        f.writelines(f"{letter} {number}\n" for letter, number in tokens.items())
    data = out / "espeak-ng-data"
    for name in ENGLISH_DATA:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(DATA / name, data / name)
    shutil.copyfile("/usr/share/doc/espeak-ng-data/copyright", out / "espeak-ng-data.NOTICE")
    print(f"{len(initialisers['lengths'])} units, {len(initialisers['bank']) / RATE:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1])
