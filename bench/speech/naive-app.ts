import type { Recogniser, Voice } from './engines.js';

/** How the ancestor waits for the end of what is said. */
const silenceMs = 800;

export interface NaiveTurn {
  /** From the end of speech to the reply's sound, ready to be played. */
  readonly totalMs: number;
  readonly recognitionMs: number;
  readonly replyMs: number;
  readonly synthesisMs: number;
  readonly text: string;
}

/**
 * An app that does one thing after the other, as BotChat's ancestor did: it waits for 800 ms of silence, recognises the
 * whole recording at whisper-cli's stock settings (language auto, the whole window of 30 s, 5 beams), waits for the whole
 * reply, and has all of it said. The engines, models and processes are the app's own. It has no page: that its sound
 * would still have to be played counts for it.
 *
 * `recording` is what was said up to the end of speech; the silence is added to it.
 */
export async function naiveTurn(
  recording: Int16Array,
  { recogniser, voice, chatUrl }: { readonly recogniser: Recogniser; readonly voice: Voice; readonly chatUrl: string },
): Promise<NaiveTurn> {
  const endOfSpeech = performance.now();
  await new Promise((resolve) => setTimeout(resolve, silenceMs));
  const samples = new Int16Array(recording.length + silenceMs * 16);
  samples.set(recording);

  const recognitionTime = performance.now();
  const language = await recogniser.detectLanguage(samples);
  const { text } = await recogniser.transcribe(samples, { language, thorough: true });

  const replyTime = performance.now();
  const reply = await wholeReply(chatUrl, text);

  const synthesisTime = performance.now();
  await voice.say(reply);
  const end = performance.now();
  return {
    totalMs: end - endOfSpeech,
    recognitionMs: replyTime - recognitionTime,
    replyMs: synthesisTime - replyTime,
    synthesisMs: end - synthesisTime,
    text,
  };
}

async function wholeReply(chatUrl: string, prompt: string): Promise<string> {
  const response = await fetch(`${chatUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model: 'paced', stream: true, messages: [{ role: 'user', content: prompt }] }),
  });
  const events = (await response.text()).split('\n').filter((line) => line.startsWith('data: {'));
  return events
    .map((line) => {
      const { choices } = JSON.parse(line.slice(6)) as {
        readonly choices: readonly { readonly delta: { readonly content?: string } }[];
      };
      return choices[0]?.delta.content ?? '';
    })
    .join('');
}
