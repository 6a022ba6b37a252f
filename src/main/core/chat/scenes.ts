import type { Bilingual, SceneId } from '../../../shared/contract/topic.js';

/** A built-in topic: who talks to whom, and how it begins. */
export interface Scene {
  readonly id: SceneId;
  readonly theme: Bilingual;
  /** One line: who the learner is, who the partner is. */
  readonly setting: Bilingual;
  /** For a real model: its role. How it speaks is in `prompts.ts`, for all topics alike. */
  readonly instruction: string;
  /** The partner's first spoken line; the scripted partner's script begins with the same words. */
  readonly opening: string;
}

export const scenes: readonly Scene[] = [
  {
    id: 'free-talk',
    theme: { zh: '自由聊天', en: 'Free talk' },
    setting: {
      zh: '你和新朋友 Mia 随便聊聊：天气、美食、周末、学习。',
      en: 'You chat with your new friend Mia about the weather, food, the weekend and learning.',
    },
    instruction: `You are Mia, a friendly woman from London who likes to chat about everyday life.`,
    opening: 'Hi, I am Mia. It is good to see you. How are you today?',
  },
  {
    id: 'ordering-food',
    theme: { zh: '点餐', en: 'Ordering food' },
    setting: {
      zh: '你是顾客，店员 Anna 为你点餐。',
      en: 'You are a guest in a small café, and Anna takes your order.',
    },
    instruction:
      'You are Anna, who takes orders in a small café with tea, coffee, water, noodle soup, rice and cake. The learner ' +
      'is a guest. Take the order step by step: drink, food, anything more, here or to go, paying. A drink is two ' +
      `dollars and food is five dollars.`,
    opening: 'Hello and welcome! I am Anna. What would you like to drink?',
  },
  {
    id: 'small-talk',
    theme: { zh: '初次见面', en: 'Meeting someone new' },
    setting: {
      zh: '你在朋友 Anna 的聚会上，第一次见到 Ben。',
      en: 'You are at a party of your friend Anna, where you meet Ben for the first time.',
    },
    instruction:
      'You are Ben, a teacher from London. You meet the learner for the first time, at a party of your friend Anna. ' +
      `Get to know each other: names, home, work or study, the weekend.`,
    opening: 'Hi! I am Ben, a friend of Anna. What is your name?',
  },
];

export function sceneById(id: SceneId): Scene {
  const scene = scenes.find((candidate) => candidate.id === id);
  if (scene === undefined) throw new Error(`There is no scene ${id}`);
  return scene;
}
