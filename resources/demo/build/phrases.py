"""What micro-voice can say."""
import json
from pathlib import Path

HERE = Path(__file__).parent
HEARD = json.loads((HERE.parent / "phrases.json").read_text(encoding="utf-8"))

# What the demo recogniser knows, so that its phrases can be heard as well.
ENGLISH = [phrase["text"] for phrase in HEARD if phrase["language"] == "en"]

# Everything the scripted partner can say; a test (src/main/core/chat/demo-voice.test.ts) keeps the list in step.
PARTNER_WORDS = (HERE / "words.txt").read_text(encoding="utf-8").split()

# Common words besides, for what learners type; any other word is spelled letter by letter.
EXTRA_WORDS = """
about after again all also an any be because before better bird both bought boy but buy by child children city
come computer country day did different down each easy enough ever example far feel few find first found friend
gave get girl give go good got great had happen happy hard has her here his house how i'm idea if into it it's
its job just keep know language large last learn leave less lesson let life line listen little live long look
lost lot made make man many maybe men mind model month much need never new next number off often old on only or
other our own people person play put ran read ready right run said same saw say second see sentence she should
show sister so some son sound speech speaks start stop such tell than that's them then there thing think those
thought through time told took travel two up us used voice warm was water way were when which while who why wife
will woman women wonderful word words world worry write wrong year yesterday yet zero
nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion oh o'clock
third fourth fifth sixth seventh eighth ninth tenth half quarter point minus percent
dollar dollars cent cents euro euros pound pounds yuan degrees celsius kilometres metres kilograms minutes hours
dot com link january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
""".split()

# Debian's espeak-ng 1.51 has no hanzi dictionary, only `cmn-latn-pinyin`: the pinyin it is given for each Mandarin
# phrase. It has one syllable per hanzi, in order.
PINYIN = {
    "你好，很高兴认识你。": "ni3 hao3, hen3 gao1 xing4 ren4 shi5 ni3",
    "今天天气很好。": "jin1 tian1 tian1 qi4 hen3 hao3",
    "我喜欢喝茶。": "wo3 xi3 huan5 he1 cha2",
    "请再说一遍。": "qing3 zai4 shuo1 yi2 bian4",
    "你叫什么名字？": "ni3 jiao4 shen2 me5 ming2 zi5",
    "我在学习中文。": "wo3 zai4 xue2 xi2 zhong1 wen2",
    "这个多少钱？": "zhe4 ge5 duo1 shao5 qian2",
    "谢谢你的帮助。": "xie4 xie5 ni3 de5 bang1 zhu4",
    "我们明天见。": "wo3 men5 ming2 tian1 jian4",
    "请问地铁站在哪里？": "qing3 wen4 di4 tie3 zhan4 zai4 na3 li3",
    "我听不懂。": "wo3 ting1 bu4 dong3",
    "祝你生日快乐。": "zhu4 ni3 sheng1 ri4 kuai4 le4",
    "早上好，老师。": "zao3 shang5 hao3, lao3 shi1",
    "我想喝一杯咖啡。": "wo3 xiang3 he1 yi4 bei1 ka1 fei1",
    "他每天都去图书馆。": "ta1 mei3 tian1 dou1 qu4 tu2 shu1 guan3",
    "对不起，我迟到了。": "dui4 bu5 qi3, wo3 chi2 dao4 le5",
}


def mandarin_syllables():
    """hanzi -> pinyin syllable, first reading wins (one reading per hanzi here)."""
    table = {}
    for text in (phrase["text"] for phrase in HEARD if phrase["language"] == "zh"):
        hanzi = [c for c in text if c not in "，。？"]
        syllables = PINYIN[text].replace(",", "").split()
        assert len(hanzi) == len(syllables), (text, PINYIN[text])
        for h, s in zip(hanzi, syllables):
            table.setdefault(h, s)
    return table
