import { createContext, use } from 'react';
import type { SceneId } from '../shared/contract/topic.js';
import type { TurnPart, TurnView } from '../shared/contract/turn.js';
import type { Microphone } from './audio/microphone.js';
import type { Player, PlayerListener } from './audio/player.js';
import type { Client } from './client.js';
import { createAppStore } from './stores/app-store.js';
import { isBeingAnswered } from './stores/conversation-state.js';
import { createConversationStore } from './stores/conversation-store.js';
import { createNoticesStore } from './stores/notices-store.js';
import { clipKey, createPlaybackStore } from './stores/playback-store.js';
import { createShellStore } from './stores/shell-store.js';
import { createTalkStore } from './stores/talk-store.js';
import { createTopicsStore } from './stores/topics-store.js';

/** Slow enough to follow, still natural to the ear. */
export const slowRate = 0.75;

/** Builds the stores in the order in which they need each other, and what concerns several of them at once. */
export function createSession(
  client: Client,
  microphone: Microphone,
  createPlayer: (listener: PlayerListener) => Player,
) {
  const notices = createNoticesStore();
  const app = createAppStore(client, notices);
  const topics = createTopicsStore(client, notices);
  const conversation = createConversationStore(client, notices);
  const shell = createShellStore();
  const playback = createPlaybackStore(client, notices, createPlayer, (turnId) =>
    conversation.store.getState().turns.some((turn) => turn.id === turnId),
  );
  const talk = createTalkStore(client, notices, microphone, interrupt, () => performance.now());

  function lastTurn(): TurnView | undefined {
    return conversation.store.getState().turns.at(-1);
  }

  /** Barge-in: silence at once, then the core is told what was being said and how much of it was heard. */
  function interrupt(): void {
    const speaking = playback.stop();
    const answering = lastTurn();
    const turnId = speaking?.turnId ?? (answering !== undefined && isBeingAnswered(answering) ? answering.id : null);
    if (turnId !== null) void client.request('turn.stop', { turnId, heardMs: speaking?.heardMs ?? 0 });
  }

  async function openTopic(topicId: string): Promise<void> {
    shell.setTopicsOpen(false);
    if (conversation.store.getState().topicId === topicId) return;
    // What is being said belongs to the topic it is said in.
    await talk.release();
    playback.stop();
    await conversation.open(topicId);
  }

  async function loadAll(): Promise<void> {
    playback.forgetExpected();
    const snapshot = await app.load();
    if (snapshot === null) return;
    topics.load(snapshot.topics);
    const { topicId } = conversation.store.getState();
    const stillThere = snapshot.topics.some((topic) => topic.id === topicId);
    const newest = snapshot.topics[0];
    if (stillThere) await conversation.reload();
    else if (newest !== undefined) await conversation.open(newest.id);
    else conversation.close();
  }

  client.onConnection((connection) => {
    const before = app.store.getState().connection;
    app.setConnection(connection);
    if (connection === 'open') void loadAll();
    else if (before === 'open') {
      playback.stop();
      void talk.release();
    }
  });
  conversation.store.subscribe(playback.releaseInbox);
  // A topic that goes takes its conversation and its sound along.
  topics.store.subscribe(({ topics: left }, { topics: before }) => {
    const { topicId } = conversation.store.getState();
    const gone = before.some((topic) => topic.id === topicId) && !left.some((topic) => topic.id === topicId);
    if (!gone) return;
    playback.stop();
    void talk.cancel();
    const next = left[0];
    if (next === undefined) conversation.close();
    else void conversation.open(next.id);
  });
  app.store.subscribe(({ facts }) => {
    microphone.choose(facts?.settings.microphoneId ?? null);
  });

  return {
    client,
    microphone,
    notices,
    app,
    topics,
    conversation,
    shell,
    playback,
    talk,
    lastTurn,
    openTopic,
    reload: loadAll,
    async createTopic(sceneId: SceneId | null, theme: string): Promise<boolean> {
      playback.unlock();
      const topic = await topics.create(sceneId, theme);
      if (topic === null) return false;
      await openTopic(topic.id);
      return true;
    },
    /** Esc: cancels what is being recorded, else silences what is being said. */
    stop(): void {
      const { phase } = talk.store.getState();
      if (phase === 'preparing' || phase === 'recording') void talk.cancel();
      else interrupt();
    },
    /** Starts recording in the open topic. */
    startTalking(): void {
      const { topicId, load } = conversation.store.getState();
      playback.unlock();
      if (topicId !== null && load === 'ready') void talk.press(topicId);
    },
    stopTalking(): void {
      void talk.release();
    },
    /** Sends typed text; what was being said is interrupted. Resolves to whether it was taken. */
    async type(text: string): Promise<boolean> {
      interrupt();
      return conversation.type(text);
    },
    /** Plays a part of a turn, or pauses and resumes it where it is what plays. */
    togglePart(turnId: string, part: TurnPart, rate: number): void {
      const { sound } = playback.store.getState();
      if (sound?.kind === 'clip' && sound.key === clipKey(turnId, part)) {
        if (sound.paused) playback.resume();
        else playback.pause();
      } else if (sound?.kind === 'speech' && sound.turnId === turnId && sound.part === part) interrupt();
      else void playback.playPart(turnId, part, rate);
    },
    toggleTake(takeId: string): void {
      const { sound } = playback.store.getState();
      if (sound?.kind === 'clip' && sound.key === clipKey(takeId, 'take')) {
        if (sound.paused) playback.resume();
        else playback.pause();
      } else void playback.playTake(takeId);
    },
    /** Plays a reply from its beginning. */
    replay(turn: TurnView): void {
      if (canReplay(turn)) void playback.playPart(turn.id, 'response', 1);
    },
    /** Plays a reply slowly: the second rung of help. */
    replaySlowly(turn: TurnView): void {
      if (!canReplay(turn)) return;
      if (turn.response.rung === 'audio') void conversation.reveal(turn.id, 'slow');
      void playback.playPart(turn.id, 'response', slowRate);
    },
    /** Shows a reply's words, or hides them again. */
    toggleText(turn: TurnView): void {
      if (turn.response.blanks.length === 0) return;
      void conversation.reveal(turn.id, turn.response.rung === 'english' ? 'audio' : 'english');
    },
    async retry(turnId: string): Promise<void> {
      interrupt();
      await conversation.retry(turnId);
    },
  };
}

/** Whether a reply has sound that can be asked for: all of it has been spoken once, or none of it could be. */
export function canReplay(turn: TurnView): boolean {
  const { state, blanks, clip } = turn.response;
  return clip !== null || (blanks.length > 0 && state !== 'pending' && state !== 'streaming');
}

export type Session = ReturnType<typeof createSession>;

/** The session, for all components inside. */
export const SessionContext = createContext<Session | null>(null);

/** The session around this component. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('a component outside of SessionContext');
  return session;
}
