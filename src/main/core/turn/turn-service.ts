import { v7 as uuidv7 } from 'uuid';
import { rungs, type ClipWord, type Rung, type TurnPart, type TurnView } from '../../../shared/contract/turn.js';
import { pcmToBytes } from '../../../shared/audio-format.js';
import { AppError } from '../../../shared/errors.js';
import type { ChatModel, ChatRequest, Exchange, ReplyPart } from '../chat/chat-model.js';
import { insertClip, updateClipWords } from '../data/clips.js';
import type { Commit } from '../data/commit.js';
import { blankTurn, getTurn, insertTurn, listTurns, updateTurn, type StoredTurn } from '../data/conversations.js';
import { profileError, type Db } from '../data/database.js';
import type { ConversationTable } from '../data/schema.js';
import { deleteTake } from '../data/takes.js';
import { listUnfinishedTurns } from '../data/unfinished-turns.js';
import { getTopic, updateTopic } from '../data/topics.js';
import type { Activity } from '../activity.js';
import type { EventHub } from '../events.js';
import type { Clock, Log } from '../ports.js';
import type { ClipStore } from '../speech/clip-store.js';
import type { Recogniser } from '../speech/recogniser.js';
import type { Sound, Voice } from '../speech/voice.js';
import { encodeWav } from '../speech/wav.js';
import { createSentenceSplitter } from '../spoken-text/sentence-splitter.js';
import { createSpeechQueue, type SaidPiece, type SpeechQueue } from './speech-queue.js';
import { readTopicView } from './topic-view.js';
import { turnView, type LiveTurn } from './turn-view.js';
import { createWordAligner } from './word-aligner.js';
import { timeStretches } from './word-times.js';
import { heardCharacters, languageOf } from './words.js';

/** How many earlier turns a partner is told. */
const historyTurns = 20;
/** Fewer than so many make no conversation. */
const fewestHistoryTurns = 2;

/** A streaming reply is shown at most this often. */
const streamingIntervalMs = 80;

export interface TurnServiceOptions {
  readonly db: Db;
  readonly commit: Commit;
  readonly clips: ClipStore;
  readonly voice: Pick<Voice, 'synthesise' | 'realTimeFactor'>;
  readonly recogniser: Pick<Recogniser, 'wordTimes'>;
  /** Whoever answers now; asked once per turn. */
  partner(): Promise<ChatModel>;
  /** A turn is something that no model is exchanged under. */
  readonly activity: Activity;
  readonly events: EventHub;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the learner said, as it was sent. */
export interface Prompt {
  readonly topicId: string;
  readonly text: string;
  /** The recording it was heard in, which becomes the turn's; null where it was typed. */
  readonly take: { readonly id: string; readonly sound: Sound; readonly words: readonly ClipWord[] } | null;
}

/** Turns: one prompt, its English where it was Chinese, one reply that is written, spoken and kept. */
export interface TurnService {
  /** Stores the prompt and starts the answer; whatever was being answered is stopped. */
  begin(prompt: Prompt): Promise<TurnView>;
  /** The partner speaks first. */
  open(topicId: string, line: string): Promise<TurnView>;
  retry(turnId: string): Promise<TurnView>;
  /** Barge-in. `heardMs`: how much of the reply's sound had been played. Does nothing to a turn that is long over. */
  stop(turnId: string, heardMs: number): Promise<void>;
  /** The reply was heard to its end after all. */
  heard(turnId: string): Promise<void>;
  reveal(turnId: string, rung: Rung): Promise<TurnView>;
  /** A part's sound as a WAV file; synthesised again where it is not here. Rejects with `clip/missing` or `voice/…`. */
  read(turnId: string, part: TurnPart): Promise<Uint8Array>;
  list(topicId: string, beforeTurnId: string | null, limit: number): Promise<readonly TurnView[]>;
  /** What a partner may know of the topic's newest turns, or of those before one, oldest first. */
  history(topicId: string, beforeTurnId?: string): Promise<readonly Exchange[]>;
  /** What the app said last in a topic, since it was started: its newest turn's English and reply. */
  saidLately(topicId: string): string;
  /** Tells the interface of turns that were changed from elsewhere. */
  announceAll(turnIds: readonly string[]): Promise<void>;
  /** After a start: turns that a crash interrupted say so, and can be asked again. */
  recover(): Promise<void>;
  /** Stops the running turn, if it belongs to the topic (or whatever its topic), and waits until all is stored. */
  settle(topicId?: string): Promise<void>;
  /** Settles, and stops what goes on in the background. */
  dispose(): Promise<void>;
}

/** The one turn that is being answered, or was last. */
interface ActiveTurn {
  readonly turn: Pick<ConversationTable, 'id' | 'topic_id'>;
  readonly controller: AbortController;
  readonly speech: SpeechQueue;
  /** How much had been played when the learner stopped it. */
  heardMs: number | null;
  live: LiveTurn;
  /** Resolves when the interface knows of all that was spoken. */
  announced: Promise<unknown>;
  done: Promise<void>;
}

export function createTurnService(options: TurnServiceOptions): TurnService {
  const { db, commit, clips, voice, recogniser, partner, activity, events, clock, log } = options;
  let current: ActiveTurn | null = null;
  let starting: Promise<unknown> = Promise.resolve();
  /** How turns ended, where that could not be stored: it is known until they are asked again, or the app is closed. */
  const unstored = new Map<string, Partial<ConversationTable>>();

  /** How many turns a model is told, of topics whose conversation had grown too long for it. */
  const historyLimits = new Map<string, number>();

  /** Turns start one at a time: each stops the one before, which must be stored before the next is. */
  function inTurn<T>(start: () => Promise<T>): Promise<T> {
    const started = starting.then(start);
    starting = started.catch(() => undefined);
    return started;
  }

  // ——— The story of a turn ———

  /** Runs a stored turn to its end. Never rejects: what goes wrong is stored with the turn. */
  async function answer(
    active: ActiveTurn,
    reply: (signal: AbortSignal) => AsyncIterable<ReplyPart>,
    bridge: Promise<void>,
  ) {
    const { turn, speech } = active;
    // The English for what was said is heard before the reply, however fast the reply is.
    const sayAfterBridge = (piece: string) =>
      void bridge.then(() => {
        speech.say('response', piece);
      });
    let isWhole = true;
    try {
      await writeReply(active, reply, sayAfterBridge);
    } catch (error) {
      isWhole = false;
      await store(turn, failedReply(active, error));
    }
    await bridge;
    await speech.drained();
    await active.announced;
    active.live = { ...active.live, streaming: false, voiceError: speech.error };
    await keepSound(turn, 'bridge', speech.sound('bridge'));
    // What came of a reply that broke off was said as far as its last whole clause: its sound is made anew when wanted.
    if (isWhole) await keepSound(turn, 'response', speech.sound('response'), speech.pieces('response'));
    if (active.heardMs !== null) await storeHeard(active, active.heardMs);
    await announce(turn);
    // Its preview may tell how long the reply is now.
    await announceTopic(turn.topic_id);
    events.emit('turn.speechEnd', { turnId: turn.id });
  }

  /** Streams the reply, handing it to the voice piece by piece, and stores it once it is whole. */
  async function writeReply(
    active: ActiveTurn,
    reply: (signal: AbortSignal) => AsyncIterable<ReplyPart>,
    say: (piece: string) => void,
  ) {
    const { turn, controller } = active;
    let splitter = createSentenceSplitter();
    let text = '';
    let shownTime = 0;
    for await (const part of reply(controller.signal)) {
      controller.signal.throwIfAborted();
      if (typeof part !== 'string') {
        if (part.news === 'taken-back') {
          splitter = createSentenceSplitter();
          text = '';
          active.speech.takeBack('response');
        }
        active.live = { ...active.live, text, waitingFor: part.news === 'loading' ? 'loading' : 'thinking' };
        await announce(turn);
        continue;
      }
      text += part;
      active.live = { ...active.live, text, waitingFor: null };
      splitter.push(part).forEach(say);
      if (clock.now() - shownTime >= streamingIntervalMs) {
        shownTime = clock.now();
        await announce(turn);
      }
    }
    if (text.trim() === '') throw new AppError('chat/empty');
    splitter.flush().forEach(say);
    await store(turn, {
      response: text.trim(),
      partial_response: null,
      response_state: 'complete',
      response_error: null,
    });
  }

  /** What is stored of a reply that did not come to its end: never as a reply. */
  function failedReply(active: ActiveTurn, error: unknown): Partial<ConversationTable> {
    const partial_response = active.live.text.trim() === '' ? null : active.live.text.trim();
    if (active.controller.signal.aborted)
      return { partial_response, response_state: 'interrupted', response_error: null };
    const code = error instanceof AppError ? error.code : 'app/internal';
    if (code === 'chat/conversation-too-long') shortenHistory(active.turn.topic_id);
    if (code === 'app/internal') log.error('turn failed', { error });
    else log.warn('no reply', { code, detail: String(error) });
    return { partial_response, response_state: 'failed', response_error: code };
  }

  /** The next try, and what is said after it, is sent with half of what was sent. */
  function shortenHistory(topicId: string): void {
    const limit = Math.floor((historyLimits.get(topicId) ?? historyTurns) / 2);
    historyLimits.set(topicId, Math.max(fewestHistoryTurns, limit));
  }

  /** Finds English for the prompt, shows it, and has it said. Never rejects: a turn goes on without it. */
  async function bridgeOver(active: ActiveTurn, model: ChatModel, request: ChatRequest): Promise<void> {
    const { turn, speech } = active;
    const { signal } = active.controller;
    try {
      const english = (await model.toEnglish(request, signal))?.trim() ?? '';
      if (english !== '') speech.say('bridge', english);
      await store(turn, { bridge: english || null, bridge_state: english ? 'ready' : 'unknown', bridge_error: null });
    } catch (error) {
      const code = signal.aborted ? 'chat/interrupted' : error instanceof AppError ? error.code : 'app/internal';
      if (code === 'app/internal') log.error('bridge failed', { error });
      await store(turn, { bridge_state: 'failed', bridge_error: code });
    }
  }

  // ——— Starting and stopping ———

  /** Makes the turn the running one and lets `tell` answer it in the background. */
  async function startTurn(turn: StoredTurn, tell: (active: ActiveTurn) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    const started: ActiveTurn = {
      turn,
      controller,
      speech: createSpeechQueue({
        voice,
        signal: controller.signal,
        onPiece: ({ samples, ...piece }) => {
          events.emit('turn.speech', { turnId: turn.id, ...piece, pcm: pcmToBytes(samples) });
          if (piece.part === 'response') tellWords(started);
        },
      }),
      heardMs: null,
      live: { text: '', streaming: true, waitingFor: null, words: [], voiceError: null },
      announced: Promise.resolve(),
      done: Promise.resolve(),
    };
    current = started;
    const end = activity.begin();
    started.done = tell(started)
      .catch((error: unknown) => {
        log.error('turn broke', { turnId: turn.id, error });
        return breakOff(started, profileError(error));
      })
      .catch((error: unknown) => {
        log.error('turn not broken off', { turnId: turn.id, error });
      })
      .finally(end);
    await announceTopic(turn.topic_id);
  }

  /** Ends a turn of which not even that could be stored: a full disk, mostly. It can be asked again. */
  async function breakOff(active: ActiveTurn, error: unknown): Promise<void> {
    active.controller.abort(error);
    active.live = { ...active.live, streaming: false };
    const row = await getTurn(db, active.turn.id);
    const { partial_response } = failedReply(active, error);
    const response_error = error instanceof AppError ? error.code : 'app/internal';
    unstored.set(row.id, {
      ...(row.response_state === 'pending' ? { partial_response, response_state: 'failed', response_error } : {}),
      ...(row.bridge_state === 'pending' ? { bridge_state: 'failed', bridge_error: response_error } : {}),
    });
    await announce(row);
    events.emit('turn.speechEnd', { turnId: row.id });
  }

  async function runWithPartner(turn: StoredTurn): Promise<void> {
    const model = await partner();
    const request = await requestFor(turn);
    await startTurn(turn, (started) =>
      answer(
        started,
        (signal) => model.reply(request, signal),
        turn.bridge_state === 'pending' ? bridgeOver(started, model, request) : Promise.resolve(),
      ),
    );
  }

  async function settle(topicId?: string): Promise<void> {
    if (topicId === undefined || current?.turn.topic_id === topicId) await stopRunning(null);
  }

  async function stopRunning(heardMs: number | null): Promise<void> {
    if (!current) return;
    current.heardMs ??= heardMs;
    current.controller.abort(new AppError('chat/interrupted'));
    await current.done;
  }

  // ——— Storing and telling ———

  /** Changes a turn's row and its outbox entry together, then tells the interface. */
  async function store(turn: Pick<ConversationTable, 'id' | 'topic_id'>, fields: Partial<ConversationTable>) {
    await commit((tx) => updateTurn(tx, turn, fields, clock.now()));
    await announce(turn);
  }

  async function keepSound(
    turn: Pick<ConversationTable, 'id' | 'topic_id'>,
    part: 'bridge' | 'response',
    sound: Sound | null,
    stretches: readonly SaidPiece[] = [],
  ) {
    if (!sound) return;
    try {
      const words = part === 'response' ? timeStretches(stretches) : undefined;
      const clip = await clips.save(sound.samples, sound.sampleRateHz, words);
      await commit(async (tx) => {
        await insertClip(tx, clip);
        await updateTurn(tx, turn, { [`${part}_clip`]: clip.hash }, clock.now());
      });
      if (words) aligner.add({ turnId: turn.id, hash: clip.hash, stretches });
    } catch (error) {
      // The words are stored, and the voice can say them again: a full disk must not cost the turn.
      log.error('sound not kept', { turnId: turn.id, part, error });
    }
  }

  /** Tells when the words are said that have been spoken so far, to whoever reads along. */
  function tellWords(of: ActiveTurn): void {
    of.live = { ...of.live, words: timeStretches(of.speech.pieces('response')) };
    const telling = announce(of.turn).catch((error: unknown) => {
      log.error('turn not told', { turnId: of.turn.id, error });
    });
    of.announced = Promise.all([of.announced, telling]);
  }

  const aligner = createWordAligner({
    clips,
    events,
    log,
    wordTimes: (samples, signal) => recogniser.wordTimes(samples, signal),
    async onAligned({ turnId, hash }, words) {
      await updateClipWords(db, hash, JSON.stringify(words));
      // Its topic may have been deleted meanwhile.
      await announce({ id: turnId });
    },
  });

  async function storeHeard({ turn, speech }: ActiveTurn, heardMs: number): Promise<void> {
    await store(turn, { heard_characters: heardCharacters(speech.pieces('response'), heardMs) });
  }

  const view = (turn: StoredTurn): TurnView =>
    turnView({ ...turn, ...unstored.get(turn.id) }, current?.turn.id === turn.id ? current.live : null);

  async function announce({ id }: Pick<ConversationTable, 'id'>): Promise<TurnView> {
    const turn = view(await getTurn(db, id));
    events.emit('turn.changed', { turn });
    return turn;
  }

  async function announceTopic(topicId: string): Promise<void> {
    events.emit('topic.changed', { topic: await readTopicView(db, topicId) });
  }

  async function requestFor(turn: StoredTurn): Promise<ChatRequest> {
    const topic = await getTopic(db, turn.topic_id);
    return {
      theme: topic.theme,
      sceneId: topic.scene_id,
      history: await history(turn.topic_id, turn.id),
      prompt: turn.prompt ?? '',
    };
  }

  async function history(topicId: string, beforeTurnId?: string): Promise<readonly Exchange[]> {
    const limit = historyLimits.get(topicId) ?? historyTurns;
    const turns = await listTurns(db, topicId, { beforeId: beforeTurnId ?? null, limit });
    return turns.map((turn) => ({ prompt: turn.prompt, response: heardReply(turn) }));
  }

  /** The sound of a whole text, said anew. */
  async function sayAgain(text: string): Promise<{ readonly sound: Sound; readonly pieces: readonly SaidPiece[] }> {
    const splitter = createSentenceSplitter();
    const speech = createSpeechQueue({ voice, signal: new AbortController().signal, onPiece: () => undefined });
    for (const piece of [...splitter.push(text), ...splitter.flush()]) speech.say('response', piece);
    await speech.drained();
    const sound = speech.sound('response');
    if (!sound) throw new AppError(speech.error?.code ?? 'voice/nothing-to-say', speech.error?.detail);
    return { sound, pieces: speech.pieces('response') };
  }

  return {
    begin: ({ topicId, text, take }) =>
      inTurn(async () => {
        await getTopic(db, topicId);
        await stopRunning(null);
        const clip = take && (await clips.save(take.sound.samples, take.sound.sampleRateHz, take.words));
        const language = languageOf(text);
        const scripted = (await partner()).partner.kind === 'scripted';
        const turn: ConversationTable = {
          ...emptyTurn(topicId, clock.now()),
          prompt: text,
          prompt_language: language,
          prompt_clip: clip?.hash ?? null,
          bridge_state: language === 'en' ? null : 'pending',
          scripted: scripted ? 1 : 0,
        };
        await commit(async (tx) => {
          if (clip) await insertClip(tx, clip);
          if (take) await deleteTake(tx, take.id);
          await insertTurn(tx, turn);
          await updateTopic(tx, topicId, { used_time: turn.created_time }, turn.created_time);
        });
        // The two change places in one moment: nobody sees both, or neither.
        if (take) events.emit('turn.changed', { turn: view(await getTurn(db, turn.id)), takeId: take.id });
        await runWithPartner(await getTurn(db, turn.id));
        return announce(turn);
      }),

    open: (topicId, line) =>
      inTurn(async () => {
        await stopRunning(null);
        const turn: ConversationTable = { ...emptyTurn(topicId, clock.now()), scripted: 1 };
        await commit((tx) => insertTurn(tx, turn));
        const opening = async function* () {
          yield await Promise.resolve(line);
        };
        await startTurn(await getTurn(db, turn.id), (started) => answer(started, opening, Promise.resolve()));
        return announce(turn);
      }),

    retry: (turnId) =>
      inTurn(async () => {
        const turn = { ...(await getTurn(db, turnId)), ...unstored.get(turnId) };
        if (turn.response_state === 'pending' || turn.response_state === 'complete') return view(turn);
        await stopRunning(null);
        const scripted = (await partner()).partner.kind === 'scripted';
        await commit((tx) =>
          updateTurn(
            tx,
            turn,
            {
              partial_response: null,
              response_state: 'pending',
              response_clip: null,
              response_error: null,
              heard_characters: null,
              scripted: scripted ? 1 : 0,
              ...(turn.bridge_state === 'failed' ? { bridge_state: 'pending', bridge_error: null } : {}),
            },
            clock.now(),
          ),
        );
        unstored.delete(turnId);
        await runWithPartner(await getTurn(db, turnId));
        return announce(turn);
      }),

    async stop(turnId, heardMs) {
      if (current?.turn.id !== turnId) return;
      const isOver = !current.live.streaming;
      await stopRunning(heardMs);
      if (isOver) await storeHeard(current, heardMs);
    },

    async heard(turnId) {
      const turn = await getTurn(db, turnId);
      if (turn.heard_characters !== null) await store(turn, { heard_characters: null });
    },

    async reveal(turnId, rung) {
      const turn = await getTurn(db, turnId);
      const help_rung = rungs.indexOf(rung) > rungs.indexOf(turn.help_rung) ? rung : turn.help_rung;
      if (rung !== turn.rung || help_rung !== turn.help_rung) {
        await commit((tx) => updateTurn(tx, turn, { rung, help_rung }, clock.now()));
      }
      return announce(turn);
    },

    async read(turnId, part) {
      const turn = await getTurn(db, turnId);
      const hash = turn[`${part}_clip`];
      const file = hash === null ? null : await clips.read(hash);
      if (file) return file;
      const text =
        part === 'bridge' ? turn.bridge : part === 'response' ? (turn.response ?? turn.partial_response) : null;
      // The learner's own recording cannot be made again.
      if (text === null || part === 'prompt') throw new AppError('clip/missing');
      const { sound, pieces } = await sayAgain(text);
      await keepSound(turn, part, sound, pieces);
      await announce(turn);
      return encodeWav(sound.samples, sound.sampleRateHz);
    },

    list: async (topicId, beforeTurnId, limit) =>
      (await listTurns(db, topicId, { beforeId: beforeTurnId, limit })).map(view),

    history,

    saidLately: (topicId) =>
      current?.turn.topic_id === topicId
        ? [...current.speech.pieces('bridge'), ...current.speech.pieces('response')].map(({ text }) => text).join(' ')
        : '',

    async announceAll(turnIds) {
      for (const id of turnIds) {
        try {
          await announce({ id });
        } catch (error) {
          // Deleted here meanwhile: the others are told all the same.
          if (!(error instanceof AppError && error.code === 'turn/not-found')) throw error;
        }
      }
    },

    async recover() {
      // Nothing is sent yet: what this changes goes out with the first sync.
      await db.transaction().execute(async (tx) => {
        for (const turn of await listUnfinishedTurns(tx)) {
          const fields: Partial<ConversationTable> = {
            ...(turn.response_state === 'pending'
              ? { response_state: 'failed', response_error: 'chat/interrupted' }
              : {}),
            ...(turn.bridge_state === 'pending' ? { bridge_state: 'failed', bridge_error: 'chat/interrupted' } : {}),
          };
          await updateTurn(tx, turn, fields, clock.now());
        }
      });
    },

    settle,

    async dispose() {
      await settle();
      await aligner.stop();
    },
  };
}

function emptyTurn(topicId: string, now: number): ConversationTable {
  return { ...blankTurn, id: uuidv7(), topic_id: topicId, created_time: now };
}

/** A reply as far as the learner heard it: what the partner may build on. */
function heardReply(turn: StoredTurn): string | null {
  const text = turn.response ?? turn.partial_response;
  return turn.heard_characters === null ? text : (text?.slice(0, turn.heard_characters) ?? null);
}
