import { createContext, use } from 'react';
import type { AccountView } from '../shared/contract/account.js';
import type { SceneId } from '../shared/contract/topic.js';
import type { TurnPart, TurnView } from '../shared/contract/turn.js';
import type { Microphone } from './audio/microphone.js';
import type { Player, PlayerListener } from './audio/player.js';
import type { Client } from './client.js';
import { createAccountStore } from './stores/account-store.js';
import { createAppStore } from './stores/app-store.js';
import { isBeingAnswered } from './stores/conversation-state.js';
import { createConversationStore } from './stores/conversation-store.js';
import { createModelsStore } from './stores/models-store.js';
import { createNoticesStore } from './stores/notices-store.js';
import { clipKey, createPlaybackStore } from './stores/playback-store.js';
import { createShellStore } from './stores/shell-store.js';
import { createTalkStore, type SpeechOutput } from './stores/talk-store.js';
import { createTopicsStore } from './stores/topics-store.js';

/** Slow enough to follow, still natural to the ear. */
export const slowRate = 0.75;

/** Builds the stores in the order in which they need each other, and what concerns several of them at once. */
export function createViewModel(
  client: Client,
  microphone: Microphone,
  createPlayer: (listener: PlayerListener) => Player,
) {
  const notices = createNoticesStore();
  const app = createAppStore(client, notices);
  const models = createModelsStore(client, notices);
  const topics = createTopicsStore(client, notices);
  const conversation = createConversationStore(client, notices);
  const shell = createShellStore();
  const account = createAccountStore(client, notices, shell);
  const playback = createPlaybackStore(client, notices, createPlayer, (turnId) =>
    conversation.store.getState().turns.some((turn) => turn.id === turnId),
  );
  const partner: SpeechOutput = {
    interrupt,
    speaks: () => {
      const { sound } = playback.store.getState();
      return sound?.kind === 'speech' || sound?.paused === false;
    },
  };
  const talk = createTalkStore(client, notices, microphone, partner, () => performance.now());

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
    // What is being said belongs to the topic it is said in, and half a sentence is not sent unasked.
    await talk.keep();
    playback.stop();
    await conversation.open(topicId);
  }

  /** Whether events may have been missed, so that the open topic is to be loaded anew too. */
  let missed = true;

  /** Brings the lists up to date, and opens the topic used last where none is open. */
  async function refresh(): Promise<void> {
    const snapshot = await app.load(missed);
    if (snapshot === null) return;
    topics.load(snapshot.topics);
    void models.load();
    if (snapshot.account.problem !== null) notices.error(snapshot.account.problem);
    const wasMissed = missed;
    missed = false;
    const { topicId } = conversation.store.getState();
    const newest = snapshot.topics[0];
    if (snapshot.topics.some((topic) => topic.id === topicId)) {
      if (wasMissed) await conversation.reload();
    } else if (newest !== undefined) await conversation.open(newest.id);
    else conversation.close();
  }

  async function loadAll(): Promise<void> {
    playback.forgetExpected();
    missed = true;
    await refresh();
  }

  /** Hides everything of whoever used the app until now, at once: what the core answers next is somebody else's. */
  function hideAll(): void {
    playback.stop();
    playback.forgetExpected();
    void talk.cancel();
    conversation.close();
    topics.load([]);
    shell.forgetTopics();
    notices.clear();
    account.forgetPerson();
  }

  async function accountChanged(now: AccountView): Promise<void> {
    const before = app.store.getState().facts?.account.account?.id;
    app.setAccount(now);
    if (before === now.account?.id) return refresh();
    hideAll();
    await loadAll();
  }

  /** The offer goes with the answer. */
  async function historyAnswered(): Promise<void> {
    const now = app.store.getState().facts?.account;
    if (now !== undefined) app.setAccount({ ...now, localTopics: 0 });
    await refresh();
  }

  client.on('account.changed', ({ account: now }) => {
    void accountChanged(now);
  });
  client.onConnection((connection) => {
    const before = app.store.getState().connection;
    app.setConnection(connection);
    if (connection === 'open') void loadAll();
    else if (before === 'open') {
      playback.stop();
      // Nobody says it any more.
      playback.forgetExpected();
      void talk.release();
    }
  });
  conversation.store.subscribe(playback.releaseInbox);
  /** The turn that was last stopped before it was heard. */
  let silencedId: string | null = null;
  conversation.store.subscribe(() => {
    // What was said hands-free became a turn, and the learner speaks on already: its reply comes too late.
    const turn = lastTurn();
    const { listening } = talk.store.getState();
    if (turn === undefined || listening === null || listening.state === 'waiting') return;
    if (!isBeingAnswered(turn) || turn.id === silencedId) return;
    silencedId = turn.id;
    interrupt();
  });
  // A topic that goes takes its conversation and its sound along.
  topics.store.subscribe(({ topics: left }, { topics: before }) => {
    const { topicId } = conversation.store.getState();
    const gone = before.find((topic) => topic.id === topicId);
    if (gone === undefined || left.some((topic) => topic.id === topicId)) return;
    if (!topics.isBeingDeleted(gone.id)) notices.tell({ kind: 'topic-gone', theme: gone.theme });
    playback.stop();
    void talk.cancel();
    const next = left[0];
    if (next === undefined) conversation.close();
    else void conversation.open(next.id);
  });
  app.store.subscribe(({ facts }) => {
    const settings = facts?.settings;
    microphone.choose(settings?.microphoneId ?? null, settings?.microphoneLabel ?? null);
    microphone.releaseAfterTakes(settings?.microphoneRelease === 'always');
    const { handsFree } = talk.store.getState();
    if (handsFree && facts !== null && facts.settings.talkMode !== 'hands-free') void talk.release();
  });

  return {
    client,
    microphone,
    notices,
    app,
    account,
    models,
    topics,
    conversation,
    shell,
    playback,
    talk,
    lastTurn,
    openTopic,
    reload: loadAll,
    /** Moves the local history into the account; its topics are in the list after that. */
    async takeHistory(): Promise<void> {
      if (await account.takeHistory()) await historyAnswered();
    },
    async leaveHistory(): Promise<void> {
      if (await account.leaveHistory()) await historyAnswered();
    },
    async createTopic(sceneId: SceneId | null, theme: string): Promise<boolean> {
      playback.unlock();
      const topic = await topics.create(sceneId, theme);
      if (topic === null) return false;
      await openTopic(topic.id);
      return true;
    },
    /** Esc: cancels what is being recorded, else silences what is being said; hands-free, where both go on, both. */
    stop(): void {
      const { phase, handsFree } = talk.store.getState();
      const recording = phase === 'preparing' || phase === 'recording';
      if (recording) void talk.cancel();
      if (!recording || handsFree) interrupt();
    },
    /** Starts recording in the open topic. */
    startTalking(): void {
      const { topicId, load } = conversation.store.getState();
      playback.unlock();
      const handsFree = app.store.getState().facts?.settings.talkMode === 'hands-free';
      if (topicId !== null && load === 'ready') void talk.press(topicId, handsFree);
    },
    stopTalking(): void {
      void talk.release();
    },
    /** 还没说完: what is being said hands-free is not sent yet. */
    holdOn(): void {
      void talk.holdOn();
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

export type ViewModel = ReturnType<typeof createViewModel>;

/** The view model, for all components inside. */
export const ViewModelContext = createContext<ViewModel | null>(null);

/** The view model around this component. */
export function useViewModel(): ViewModel {
  const viewModel = use(ViewModelContext);
  if (viewModel === null) throw new Error('a component outside of ViewModelContext');
  return viewModel;
}
