import type { Aside } from './script.js';

/** What every partner can react to, whatever the scene; more particular lines come before more general ones. */
export const sharedAsides: readonly Aside[] = [
  {
    when: ['happy birthday', '生日快乐'],
    replies: ['Thank you! But it is not my birthday today.', 'Thank you, you are very kind.'],
  },
  { when: ['birthday', '生日'], replies: ['A birthday! Have a happy day.', 'Happy birthday!'] },
  {
    when: ['quick brown', 'brown fox', 'lazy dog'],
    replies: ['You said all of that very well! The dog can sleep now.', 'That is a quick fox!'],
  },
  {
    when: ['sea shells', 'sea shore', 'she sells'],
    replies: ['That is hard to say, and you said it very well!', 'Very good! Now try it faster.'],
  },
  { when: ['train', '火车'], replies: ['The next train leaves at eight.', 'It leaves at eight in the morning, too.'] },
  {
    when: ['subway', 'metro', 'station', '地铁'],
    replies: ['The subway station is next to the library.', 'Turn left at the traffic lights, and you will see it.'],
  },
  {
    when: ['traffic light*', 'turn left', 'turn right', '红绿灯', '左转', '右转'],
    replies: ['Left at the traffic lights, thank you!', 'OK, now I know the way.'],
  },
  {
    when: ['museum', '博物馆'],
    replies: ['Thank you, I will look for the museum.', 'Next to the library, that is easy to find.'],
  },
  {
    when: ['library', '图书馆'],
    replies: ['The library is a good place to read.', 'Reading every day is a good idea.'],
  },
  { when: ['window', '窗'], replies: ['Of course. Now the window is open.', 'Yes, it is good to hear the birds.'] },
  { when: ['door', '门'], replies: ['Of course. Now the door is closed.', 'No problem. I will see to the door.'] },
  { when: ['ship', '船'], replies: ['A big ship! You said it very well.', 'A ship on the sea, how beautiful!'] },
  { when: ['sheep', '羊'], replies: ['A big sheep! You said it very well.', 'I like sheep. They are so quiet.'] },
  { when: ['bird*', '鸟'], replies: ['The birds are singing. How beautiful!', 'I love to hear the birds, too.'] },
  { when: ['rice', '米饭'], replies: ['Yes, please. I like rice.', 'A little more rice, thank you!'] },
  {
    when: ['grandparents', 'grandmother', 'grandfather', '爷爷', '奶奶'],
    replies: ['That will make them very happy.', 'Say hello to them from me.'],
  },
  {
    when: ['one two three', '一二三', '一 二 三'],
    replies: ['Six, seven, eight! You can count very well.', 'Very good! Now you can say it fast.'],
  },
  {
    when: ['microphone', '麦克风', 'test'],
    replies: ['Your microphone is working. I can hear you.', 'Yes, I hear you very well.'],
  },
  {
    when: ['can you hear me', '听得到吗', '听到吗', '听见'],
    replies: ['Yes, I can hear you very well.', 'Yes, I am listening.'],
  },
  {
    when: ['homework', '作业'],
    replies: ['Of course, I can help you with your English.', 'Yes, we can do it together.'],
  },
  {
    when: ['pronunciation', 'reading aloud', '发音', '朗读'],
    replies: ['Yes, reading aloud helps a lot.', 'Very good. Read a little every day.'],
  },
  {
    when: ['practice', 'perfect', '练习', '熟能生巧'],
    replies: ['Yes, practice makes perfect!', 'You are practicing right now. Very good!'],
  },
  {
    when: ['learning chinese', 'speak chinese', '学习中文', '学中文', '说中文'],
    replies: ['Chinese is a beautiful language.', 'Learning Chinese is hard. You are doing very well.'],
  },
  {
    when: ['learning english', 'studying', 'study english', '学英语', '学习英语'],
    replies: ['Very good! A little every day helps a lot.', 'You are learning fast.'],
  },
  { when: ['late', '迟到', '晚了'], replies: ['That is OK. You are here now.', 'No problem, we have a lot of time.'] },
  { when: ['guitar', '吉他'], replies: ['How nice! I would love to hear that.', 'Music makes people happy.'] },
  { when: ['music', 'song', '音乐', '歌'], replies: ['I like music, too.', 'Music makes people happy.'] },
  { when: ['movie*', '电影'], replies: ['A movie is a good idea.', 'I hope it is a good one.'] },
  { when: ['weekend', '周末'], replies: ['Yes, I like the weekend, too.', 'It will be the weekend soon!'] },
  {
    when: ['umbrella', '伞'],
    replies: ['Oh no! I hope the rain will stop soon.', 'Wait for the rain to stop, then go home.'],
  },
  {
    when: ['raining', 'rain', '下雨'],
    replies: ['Yes, there is a lot of rain. Take an umbrella!', 'I hope the rain will stop soon.'],
  },
  { when: ['weather', '天气'], replies: ['Yes, it is a beautiful day.', 'I hope it will be a beautiful week, too.'] },
  {
    when: ['for a walk', 'park', '散步', '公园'],
    replies: ['A walk is a good idea.', 'The park is very beautiful now.'],
  },
  {
    when: ['noodle*', 'soup', '汤', '面条'],
    replies: ['Noodle soup is very good. I love it, too.', 'Now I would like some noodle soup, too!'],
  },
  { when: ['coffee', '咖啡'], replies: ['A cup of coffee, how nice!', 'I like coffee in the morning, too.'] },
  { when: ['tea', '茶'], replies: ['A cup of tea, how nice!', 'I like green tea, too.'] },
  {
    when: ['how much', 'cost', '多少钱'],
    replies: ['I think it is five dollars.', 'It is five dollars. That is not much.'],
  },
  {
    when: ['what time', '几点', '什么时候'],
    replies: ['I think it is eight now.', 'Please look at the clock for me.'],
  },
  {
    when: ['are you real', 'are you human', 'a robot', 'who are you', '机器人', '真人', '你是谁'],
    replies: ['I am just a small practice partner, but I like to talk.', 'I am not real, but I can help you speak.'],
  },
  {
    when: ['i love you', '我爱你', 'i like you', '喜欢你'],
    replies: ['Oh, thank you, you are very kind.', 'I like to talk to you, too.'],
  },
  {
    when: ['nervous', 'afraid', 'shy', 'my english is', '紧张', '害怕', '害羞', '英语不好'],
    replies: ['You are doing very well. Take your time.', 'That is OK. We have a lot of time.'],
  },
  {
    when: ['where do you come from', 'where are you from', '你来自', '你是哪里'],
    replies: ['I come from London.', 'London is my home.'],
  },
  {
    when: ['nice to meet you', 'glad to meet you', '认识你'],
    replies: ['Nice to meet you, too.', 'I am happy to meet you, too.'],
  },
  {
    when: ['and you', 'what about you', 'how about you'],
    replies: ['Me? I am happy to talk to you.', 'I am very well, thank you.'],
  },
  {
    when: ['welcome back', 'how are you', 'how do you do', '你好吗', '你怎么样'],
    replies: ['I am very well, thank you.', 'I am fine, thank you. And I am happy to talk to you.'],
  },
  {
    when: ['good morning', '早上好', '=早'],
    replies: ['Good morning! It is good to see you.', 'Good morning to you, too!'],
  },
  {
    when: ['good afternoon', 'good evening', '下午好', '晚上好'],
    replies: ['Hello! It is good to see you.', 'Hello to you, too!'],
  },
  { when: ['sorry', 'excuse me', '对不起', '抱歉', '不好意思'], replies: ['No problem.', 'That is OK.'] },
  { when: ['thank*', '谢谢', '多谢', '感谢'], replies: ['You are welcome.', 'No problem. I am happy to help.'] },
  { when: ['hello', 'hi', 'hey', '你好', '您好'], replies: ['Hello!', 'Hello again!'] },
];
