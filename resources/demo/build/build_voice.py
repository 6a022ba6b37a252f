#!/usr/bin/env python3
"""Builds micro-voice: a concatenative 'VITS' model for sherpa-onnx's OfflineTts.

Every word (English), hanzi (Mandarin), letter and digit is rendered once with
espeak-ng and cut into 50 ms frames. Each frame is one token; the lexicon spells a
word as its frames; the network gathers the frames and joins them. The
metadata makes sherpa-onnx use its MeloTTS frontend, the only lexicon frontend
that (a) needs no espeak-ng-data, (b) falls back to spelling unknown words letter by
letter, (c) takes hanzi and Latin words in one lexicon, and (d) splits sentences, so
that progress callbacks come per sentence.

Usage: build_voice.py OUT_DIR
"""
import re
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import phrases
from audio import RATE, espeak

FRAME = 800  # samples per token, 50 ms
PAUSE = {",": 4, "，": 4, "、": 4, ".": 6, "。": 6, "!": 6, "！": 6, "?": 6, "？": 6,
         ";": 4, ":": 4, "-": 1}  # in frames of silence

DIGITS = "zero one two three four five six seven eight nine".split()
# What espeak-ng is asked to say where the bare word would be read otherwise.
SPOKEN = {
    "a": "[[@]]",
    "li": "[[l'i:]]",
    # verbs here, which espeak-ng reads as the adjective or noun
    "live": "[[l'Iv]]", "use": "[[j'u:z]]", "close": "[[kl'oUz]]", "excuse": "[[Ekskj'u:z]]",
}


def units():
    """(lexicon entry, text for espeak-ng, voice) of everything the voice can say."""
    text = " ".join(phrases.ENGLISH).lower()
    words = sorted(set(re.findall(r"[a-z']+", text)) | set(phrases.PARTNER_WORDS)
                   | set(phrases.EXTRA_WORDS) | set("abcdefghijklmnopqrstuvwxyz"))
    for w in words:
        yield w, SPOKEN.get(w, w), "en-us"
    for i, w in enumerate(DIGITS):
        yield str(i), w, "en-us"
    for hanzi, syllable in phrases.mandarin_syllables().items():
        yield hanzi, syllable, "cmn-latn-pinyin"


def build_table():
    """Returns (lexicon: entry -> list of token ids, frames: int8 [n, FRAME], scales [n])."""
    frames, scales, lexicon, seen = [np.zeros(FRAME, np.int8)], [0.0], {}, {}
    for entry, text, voice in units():
        speed = 230 if len(entry) == 1 else 200  # brisk, to keep the file small
        pcm = seen.get((text, voice))
        if pcm is None:
            pcm = seen[text, voice] = espeak(text, voice, speed=speed, pitch=45)
        pcm = pcm * (0.6 / np.abs(pcm).max())
        # short fades against clicks at the joins
        fade = np.linspace(0, 1, 80, dtype=np.float32)
        pcm[:80] *= fade
        pcm[-80:] *= fade[::-1]
        pcm = np.pad(pcm, (0, -len(pcm) % FRAME))
        ids = []
        for row in pcm.reshape(-1, FRAME):
            scale = float(np.abs(row).max()) / 127
            ids.append(len(frames))
            frames.append(np.round(row / max(scale, 1e-9)).astype(np.int8))
            scales.append(scale)
        lexicon[entry] = ids
    for mark, n in PAUSE.items():
        lexicon[mark] = [0] * n
    return lexicon, np.stack(frames), np.array(scales, np.float32)


def build_onnx(frames, scales):
    init = [
        numpy_helper.from_array(frames, "frames"),
        numpy_helper.from_array(scales[:, None], "scales"),
        numpy_helper.from_array(np.array([1, 1, 1, -1], np.int64), "shape4"),
        numpy_helper.from_array(np.array([1, 1, -1], np.int64), "shape3"),
        numpy_helper.from_array(np.array([-1], np.int64), "shape1"),
        numpy_helper.from_array(np.array([1, 1, 1], np.float32), "ones"),
        numpy_helper.from_array(np.array([], np.float32), "roi"),
    ]
    n = helper.make_node
    nodes = [
        n("Reshape", ["x", "shape1"], ["ids"]),
        n("Gather", ["frames", "ids"], ["rows_i8"], axis=0),
        n("Cast", ["rows_i8"], ["rows"], to=TensorProto.FLOAT),
        n("Gather", ["scales", "ids"], ["row_scales"], axis=0),
        n("Mul", ["rows", "row_scales"], ["scaled"]),
        n("Reshape", ["scaled", "shape4"], ["wave"]),
        n("Concat", ["ones", "length_scale"], ["resize_scales"], axis=0),
        n("Resize", ["wave", "roi", "resize_scales"], ["stretched"], mode="linear",
          coordinate_transformation_mode="asymmetric"),
        n("Reshape", ["stretched", "shape3"], ["y"]),
    ]
    i64, f32 = TensorProto.INT64, TensorProto.FLOAT
    v = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes, "micro-voice",
        # the input order of sherpa-onnx's MeloTTS call; only x and length_scale are used
        [v("x", i64, [1, "L"]), v("x_length", i64, [1]), v("tones", i64, [1, "L"]),
         v("sid", i64, [1]), v("noise_scale", f32, [1]), v("length_scale", f32, [1]),
         v("noise_scale_w", f32, [1])],
        [v("y", f32, [1, 1, "N"])], init)
    model = helper.make_model(graph, producer_name="micro-voice",
                              opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    for key, value in {"model_type": "melo-vits", "comment": "melo", "version": 2,
                       "language": "English", "n_speakers": 1, "speaker_id": 0,
                       "sample_rate": RATE, "add_blank": 0, "jieba": 0,
                       "description": "self-made test voice, word concatenation"}.items():
        model.metadata_props.add(key=key, value=str(value))
    onnx.checker.check_model(model)
    return model


def main(out):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    lexicon, frames, scales = build_table()
    onnx.save(build_onnx(frames, scales), str(out / "model.onnx"))
    with open(out / "tokens.txt", "w", encoding="utf-8") as f:
        f.write("_ 0\n")
        f.writelines(f"t{i} {i}\n" for i in range(1, len(frames)))
    with open(out / "lexicon.txt", "w", encoding="utf-8") as f:
        for entry, ids in lexicon.items():
            tokens = ["_" if i == 0 else f"t{i}" for i in ids]
            f.write(" ".join([entry, *tokens, *["0"] * len(ids)]) + "\n")
    print(f"{len(lexicon)} entries, {len(frames)} frames of {1000 * FRAME // RATE} ms")


if __name__ == "__main__":
    main(sys.argv[1])
