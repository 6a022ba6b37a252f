"""What micro-voice can say."""
import json
from pathlib import Path

HERE = Path(__file__).parent
HEARD = json.loads((HERE.parent / "phrases.json").read_text(encoding="utf-8"))

# What the demo recogniser knows, so that its phrases can be heard as well.
ENGLISH = [phrase["text"] for phrase in HEARD if phrase["language"] == "en"]

# Everything the scripted partner can say; a test (src/main/core/chat/demo-voice.test.ts) keeps the list in step.
PARTNER_WORDS = (HERE / "words.txt").read_text(encoding="utf-8").split()

# Common words besides, whose diphones are then natural ones.
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
