import { cold, fair, hot, unwell, well, wet } from './everyday-words.js';
import { no, yes } from './keywords.js';
import { defineScript, line } from './script.js';

// Every subject leads to the next one not yet talked about, and in the end to the farewell.
const nextSubject = ['food', 'weekend', 'study', 'music', 'home', 'closing'] as const;

export const freeTalk = defineScript({
  start: 'start',
  closing: 'closing',
  nodes: {
    start: {
      say: 'Hi, I am Mia. It is good to see you. How are you today?',
      ask: 'How do you feel today?',
      simpler: 'Are you happy today? Or are you tired?',
      answers: [
        { when: ['not bad'], reply: 'I am glad to hear that.', to: ['weather'] },
        { when: unwell, reply: 'Oh, I am sorry to hear that.', to: ['rest'] },
        { when: well, reply: 'I am glad to hear that.', to: ['weather'] },
        { when: ['how are you'], reply: 'I am very well, thank you.', to: ['weather'] },
      ],
      onward: ['weather'],
      suggestions: [
        line('Hello, how are you today?', '你好，你今天好吗？'),
        line('I am fine, thank you.', '我很好，谢谢。'),
        line('I am a little tired today.', '我今天有点累。'),
      ],
    },
    rest: {
      say: 'When I am tired, I drink tea and listen to music. What helps you?',
      ask: 'What do you do when you are tired?',
      simpler: 'You are tired. What do you do?',
      answers: [
        { when: ['tea', 'coffee', 'drink', '茶', '咖啡'], reply: 'A good drink always helps.', to: ['weather'] },
        { when: ['sleep', 'bed', 'rest', '睡', '休息'], reply: 'Yes, sleep is very good for you.', to: ['weather'] },
        {
          when: ['walk', 'run', 'park', '散步', '走', '跑'],
          reply: 'Yes, a walk is very good for you.',
          to: ['weather'],
        },
        { when: ['music', 'song*', 'sing*', '音乐', '歌'], reply: 'I like music, too.', to: ['weather'] },
      ],
      open: 'That is a good idea.',
      onward: ['weather'],
      suggestions: [
        line("Let's go for a walk in the park.", '我们去公园散步吧。'),
        line('I like drinking tea.', '我喜欢喝茶。'),
        line('I listen to music.', '我听音乐。'),
      ],
    },
    weather: {
      say: "Let's talk about the weather. Is it a beautiful day today?",
      ask: 'How is the weather today? Is it raining?',
      simpler: 'Is the weather good today?',
      answers: [
        { when: ['not raining'], reply: 'That is good.', to: ['walk'] },
        { when: wet, reply: 'Oh, a rainy day.', to: ['rainy'] },
        { when: cold, reply: 'I like to stay at home on a cold day.', to: ['food'] },
        { when: hot, reply: 'Please drink a lot of water on a hot day.', to: ['food'] },
        { when: no, reply: 'Oh, not so good.', to: ['rainy'] },
        { when: [...fair, ...yes], reply: 'How nice!', to: ['walk'] },
      ],
      onward: ['food'],
      suggestions: [
        line('The weather is beautiful today.', '今天天气很好。'),
        line('It is raining outside.', '外面在下雨。'),
        line('It is very cold today.', '今天很冷。'),
      ],
    },
    walk: {
      say: 'It is a good day to go out. Do you like walking in the park?',
      ask: 'Would you like to go for a walk in the park today?',
      simpler: 'Do you like the park?',
      answers: [
        { when: ['bird*', '鸟'], reply: 'I love to hear the birds, too.', to: nextSubject },
        { when: no, reply: 'That is OK. It is nice at home, too.', to: nextSubject },
        {
          when: [...yes, 'walk*', 'park', 'like it', '散步', '公园', '喜欢'],
          reply: 'Me too. I walk every day.',
          to: nextSubject,
        },
      ],
      onward: nextSubject,
      suggestions: [
        line("Let's go for a walk in the park.", '我们去公园散步吧。'),
        line('I can hear the birds singing.', '我能听到鸟在唱歌。'),
        line('No, I like to stay at home.', '不，我喜欢待在家里。'),
      ],
    },
    rainy: {
      say: 'On a rainy day I always forget something. Do you have your umbrella?',
      ask: 'Did you bring your umbrella today?',
      simpler: 'Do you have an umbrella?',
      answers: [
        { when: ['forgot', 'forget', '忘'], reply: 'Oh no! Please wait for the rain to stop.', to: nextSubject },
        { when: no, reply: 'Oh no! Please wait for the rain to stop.', to: nextSubject },
        { when: [...yes, 'umbrella', '带了'], reply: 'Very good. You are ready for the rain.', to: nextSubject },
      ],
      onward: nextSubject,
      suggestions: [
        line('I forgot my umbrella at home.', '我把伞忘在家里了。'),
        line('Yes, I have it here.', '有，我带了。'),
      ],
    },
    food: {
      say: 'Now I am thinking about food. What is your favorite food?',
      ask: 'What do you like to eat?',
      simpler: 'What food do you like?',
      answers: [
        { when: ['noodle*', 'soup', '面', '汤'], reply: 'Noodle soup! I love it, too.', to: ['cook'] },
        { when: ['rice', '米饭', '饭'], reply: 'Rice is good with everything.', to: ['cook'] },
        { when: ['tea', 'coffee', '茶', '咖啡'], reply: 'That is a good drink.', to: ['cook'] },
        { when: ['cake', 'sweet', '蛋糕', '甜'], reply: 'Oh, I like sweet food, too.', to: ['cook'] },
        {
          when: ['fish', 'egg*', 'meat', 'chicken', '鱼', '蛋', '肉', '鸡'],
          reply: 'That sounds very good.',
          to: ['cook'],
        },
      ],
      open: 'That sounds very good.',
      onward: ['cook'],
      suggestions: [
        line('My favorite food is noodle soup.', '我最喜欢的食物是汤面。'),
        line('I like rice with fish.', '我喜欢鱼和米饭。'),
        line('I like drinking tea.', '我喜欢喝茶。'),
      ],
    },
    cook: {
      say: 'Do you cook at home?',
      ask: 'Can you cook it at home?',
      simpler: 'Can you cook?',
      answers: [
        {
          when: ['mother', 'father', 'mom', 'dad', 'family', 'wife', 'husband', '妈', '爸', '家人'],
          reply: 'Food from your family is always good.',
          to: nextSubject,
        },
        {
          when: ['a little', 'sometimes', 'not well', '一点', '有时'],
          reply: 'A little is good. Practice makes perfect.',
          to: nextSubject,
        },
        { when: no, reply: 'That is OK. You can learn it.', to: nextSubject },
        {
          when: [...yes, 'i cook', 'i can cook', 'cook every day', 'love to cook', 'like to cook', '会做', '做饭'],
          reply: 'Great! I would like to eat at your house.',
          to: nextSubject,
        },
      ],
      onward: nextSubject,
      suggestions: [
        line('Yes, I cook every day.', '是的，我每天做饭。'),
        line('No, my mother cooks.', '不，我妈妈做饭。'),
        line('I can cook a little.', '我会做一点饭。'),
      ],
    },
    weekend: {
      say: "Let's talk about the weekend. What are you going to do?",
      ask: 'What would you like to do at the weekend?',
      simpler: 'What will you do at the weekend?',
      answers: [
        {
          when: [
            'grandparents',
            'grandmother',
            'grandfather',
            'family',
            'parents',
            'mother',
            'father',
            'stay home',
            'stay at home',
            'go home',
            '爷爷',
            '奶奶',
            '家',
            '父母',
            '妈',
          ],
          reply: 'How nice!',
          to: ['family'],
        },
        { when: ['movie*', 'film*', 'cinema', 'tv', 'watch*', '电影', '电视'], reply: 'Good idea.', to: ['movie'] },
        {
          when: ['work*', 'study*', 'homework', 'busy', '工作', '上班', '作业', '学习'],
          reply: 'You work so hard! Please rest a little, too.',
          to: nextSubject,
        },
        {
          when: ['walk*', 'park', 'friend*', 'play*', '散步', '公园', '朋友', '玩'],
          reply: 'That sounds like a good time.',
          to: nextSubject,
        },
        {
          when: ['weekend', 'looking forward', '周末'],
          reply: 'Me too. I like to see my family then.',
          to: ['family'],
        },
      ],
      open: 'That sounds like a good weekend.',
      onward: nextSubject,
      suggestions: [
        line('I am looking forward to the weekend.', '我很期待周末。'),
        line('We are going to visit our grandparents.', '我们要去看爷爷奶奶。'),
        line('I would like to watch a movie.', '我想看电影。'),
      ],
    },
    family: {
      say: 'Family is important. Do you see your family every week?',
      ask: 'Do you live with your family?',
      simpler: 'Do you see your family a lot?',
      answers: [
        { when: no, reply: 'Then it is good to call them.', to: nextSubject },
        {
          when: [...yes, 'every week', 'every weekend', 'often', 'live with', '每周', '经常', '一起住'],
          reply: 'They must be very happy.',
          to: nextSubject,
        },
      ],
      open: 'Thank you for telling me.',
      onward: nextSubject,
      suggestions: [
        line('Yes, I live with my family.', '是的，我和家人一起住。'),
        line('We are going to visit our grandparents.', '我们要去看爷爷奶奶。'),
        line('No, they live in another city.', '不，他们住在别的城市。'),
      ],
    },
    movie: {
      say: 'I love a good movie. Do you watch movies in English?',
      ask: 'Do you like to watch English movies?',
      simpler: 'Do you like English movies?',
      answers: [
        {
          when: ['hard', 'difficult', 'fast', '难', '快'],
          reply: 'Yes, it is hard at first. It will be easy soon.',
          to: nextSubject,
        },
        { when: no, reply: 'Try one. It is good practice for listening.', to: nextSubject },
        {
          when: [...yes, 'movie*', 'sometimes', 'watch*', '喜欢', '有时'],
          reply: 'Great! It is good practice for listening.',
          to: nextSubject,
        },
      ],
      open: 'That sounds like a good movie.',
      onward: nextSubject,
      suggestions: [
        line('Yes, I like English movies.', '是的，我喜欢英语电影。'),
        line('They are watching a movie tonight.', '他们今晚看电影。'),
        line('No, they are too hard.', '不，它们太难了。'),
      ],
    },
    study: {
      say: 'You speak English well. How long have you been studying?',
      ask: 'How many years have you been learning English?',
      simpler: 'Do you study every day?',
      answers: [
        { when: ['homework', '作业'], reply: 'Yes, I can help you with your English.', to: ['practice'] },
        { when: ['every day', 'each day', '每天'], reply: 'Every day! Practice makes perfect.', to: ['practice'] },
        {
          when: ['year*', 'month*', 'weeks', 'long time', '年', '月', '星期'],
          reply: 'That is a long time. Very good!',
          to: ['practice'],
        },
        { when: no, reply: 'That is OK. A little every day is good.', to: ['practice'] },
        { when: [...yes, 'school', 'learn*', 'study*', '学校', '学'], reply: 'Very good!', to: ['practice'] },
      ],
      open: 'Very good!',
      onward: ['practice'],
      suggestions: [
        line('I have been studying for three years.', '我已经学了三年了。'),
        line('I am learning English every day.', '我每天都在学英语。'),
        line('Can you help me with my homework?', '你能帮我做作业吗？'),
      ],
    },
    practice: {
      say: 'What is hard for you: listening or speaking?',
      ask: 'Is it listening or speaking that you would like to practice?',
      simpler: 'Listening or speaking? What is hard?',
      answers: [
        {
          when: ['both', 'all', 'everything', '都'],
          reply: 'Then we will practice all of it, a little every day.',
          to: nextSubject,
        },
        {
          when: ['aloud', 'pronunciation', 'read*', '发音', '朗读'],
          reply: 'Yes, reading aloud helps a lot.',
          to: nextSubject,
        },
        {
          when: ['listen*', 'hear*', 'understand', '听'],
          reply: 'You can hear me again at any time.',
          to: nextSubject,
        },
        {
          when: ['speak*', 'talk*', 'say*', '说', '讲'],
          reply: 'You are speaking now, and I understand you!',
          to: nextSubject,
        },
        {
          when: ['word*', 'grammar', 'writing', '单词', '语法', '写'],
          reply: 'Learn five new words every day. That helps a lot.',
          to: nextSubject,
        },
      ],
      open: 'I understand. A little practice every day will help.',
      onward: nextSubject,
      suggestions: [
        line('Reading aloud improves your pronunciation.', '朗读能改善你的发音。'),
        line('Practice makes perfect.', '熟能生巧。'),
        line('Speaking is hard for me.', '说对我来说很难。'),
      ],
    },
    music: {
      say: 'I am learning the guitar, and I love it. Do you like music, too?',
      ask: 'Do you play the guitar, or does a friend play?',
      simpler: 'Do you like music?',
      answers: [
        {
          when: ['he plays', 'she plays', 'friend', 'brother', 'sister', '朋友', '他', '她'],
          reply: 'I would love to hear that.',
          to: nextSubject,
        },
        { when: no, reply: 'That is OK. I do not play well yet.', to: nextSubject },
        {
          when: [
            ...yes,
            'guitar',
            'piano',
            'songs',
            'like it',
            'like music',
            'love it',
            'love music',
            '吉他',
            '钢琴',
            '歌',
            '喜欢',
          ],
          reply: 'Great! Music makes people happy.',
          to: nextSubject,
        },
      ],
      open: 'That sounds nice.',
      onward: nextSubject,
      suggestions: [
        line('He plays the guitar very well.', '他吉他弹得很好。'),
        line('Yes, I love music.', '是的，我很喜欢音乐。'),
        line('No, I can not play.', '不，我不会弹。'),
      ],
    },
    home: {
      say: 'Where do you come from?',
      ask: 'What city do you live in?',
      simpler: 'Where is your home?',
      answers: [
        {
          when: ['china', 'beijing', 'shanghai', 'i am chinese', '中国', '北京', '上海', '广州', '深圳', '成都'],
          reply: 'I would love to go there.',
          to: ['city'],
        },
        { when: ['city', 'town', 'village', '城市', '农村'], reply: 'That sounds like a nice place.', to: ['city'] },
      ],
      open: 'That sounds like a nice place.',
      onward: ['city'],
      suggestions: [
        line('I come from China.', '我来自中国。'),
        line('I live in a big city.', '我住在一个大城市。'),
        line('Where do you come from?', '你来自哪里？'),
      ],
    },
    city: {
      say: 'What can people see in your city?',
      ask: 'Is there a museum or a park in your city?',
      simpler: 'Is your city beautiful?',
      answers: [
        {
          when: ['museum', 'library', '博物馆', '图书馆'],
          reply: 'I love museums. I will go there first.',
          to: nextSubject,
        },
        {
          when: ['park', 'tree*', 'mountain*', 'near the sea', 'a lake', '公园', '山', '海', '湖'],
          reply: 'How beautiful! I would like to walk there.',
          to: nextSubject,
        },
        { when: ['food', 'eat', '吃'], reply: 'Good food! Then I will come soon.', to: nextSubject },
        { when: no, reply: 'That is OK. Home is always a good place.', to: nextSubject },
        {
          when: [...yes, 'it is beautiful', 'very beautiful', 'it is big', 'very nice', '漂亮', '美', '大'],
          reply: 'I would like to see it.',
          to: nextSubject,
        },
      ],
      open: 'I would like to see that.',
      onward: nextSubject,
      suggestions: [
        line('The museum is next to the library.', '博物馆在图书馆旁边。'),
        line('There is a beautiful park.', '有一个漂亮的公园。'),
        line('The food is very good.', '吃的很不错。'),
      ],
    },
    closing: {
      say: 'It was great to talk to you. See you tomorrow!',
      ask: 'Would you like to talk some more?',
      simpler: 'Do you want to talk more?',
      answers: [
        {
          when: ['hello', 'hi', 'talk', 'start', '=again', '=more', '你好', '再来', '继续', '开始', ...yes],
          reply: 'I am happy to talk more.',
          to: ['again'],
        },
      ],
      onward: ['again'],
      suggestions: [
        line('See you tomorrow.', '我们明天见。'),
        line('Thank you for your help.', '谢谢你的帮助。'),
        line('Good night and sweet dreams.', '晚安，做个好梦。'),
      ],
      ending: true,
    },
    again: {
      say: 'Welcome back! How was your day?',
      ask: 'Did you have a good day?',
      simpler: 'Was it a good day?',
      answers: [
        { when: ['not bad'], reply: 'I am glad to hear that.', to: ['weather'] },
        { when: [...unwell, ...no], reply: 'Oh, I am sorry to hear that.', to: ['rest'] },
        { when: [...well, 'good', ...yes], reply: 'I am glad to hear that.', to: ['weather'] },
      ],
      open: 'Thank you for telling me.',
      onward: ['weather'],
      suggestions: [
        line('It was a good day.', '今天过得很好。'),
        line('I was very busy.', '我今天忙坏了。'),
        line('Hello, how are you today?', '你好，你今天好吗？'),
      ],
      fresh: true,
    },
  },
  asides: [
    { when: ['your name', '你叫什么'], replies: ['My name is Mia.', 'I am Mia. I am happy to talk to you.'] },
    {
      when: ['weather is beautiful', 'weather is good', 'weather is nice', 'beautiful day', 'sunny', '天气真好', '晴'],
      replies: ['Yes, the weather is beautiful today.', 'I hope it will be a beautiful week, too.'],
      to: 'walk',
    },
    {
      when: ['weather', '天气'],
      replies: ['Yes, the weather is important for a good day.', 'I hope it is a good day.'],
      to: 'weather',
    },
    { when: ['raining', '下雨'], replies: ['Oh, the rain!', 'Rain again! It will stop soon.'], to: 'rainy' },
    {
      when: ['birds', '鸟'],
      replies: ['The birds are singing. How beautiful!', 'I love to hear the birds, too.'],
      to: 'walk',
    },
    {
      when: ['walk', 'park', '散步', '公园'],
      replies: ['Good idea! I walk every day.', 'I like the trees and the birds in the park.'],
      to: 'weekend',
    },
    {
      when: ['favorite food', 'noodle soup', '汤面'],
      replies: ['That sounds very good.', 'Noodle soup is my favorite, too.'],
      to: 'cook',
    },
    { when: ['hungry', '吃饭', '饿'], replies: ['Good food makes me happy.', 'Then it is time to eat.'], to: 'food' },
    {
      when: ['grandparents', 'family', '家人', '奶奶'],
      replies: ['That will make them very happy.', 'How nice!'],
      to: 'family',
    },
    { when: ['weekend', '周末'], replies: ['Yes, the weekend! I like it, too.'], to: 'weekend' },
    {
      when: ['movie', 'movies', '电影'],
      replies: ['A movie is a good idea.', 'I hope it is a good one.'],
      to: 'movie',
    },
    {
      when: ['guitar', 'music', 'piano', '音乐', '吉他'],
      replies: ['How nice!', 'I would love to hear that.'],
      to: 'music',
    },
    {
      when: ['homework', '作业'],
      replies: ['Of course. I can help you with your English.', 'Yes, we can do it together.'],
      to: 'practice',
    },
    {
      when: ['pronunciation', 'reading aloud', '发音'],
      replies: ['Yes, reading aloud helps a lot.', 'Very good. Read a little every day.'],
      to: 'practice',
    },
    {
      when: ['been studying', 'been learning', '学了'],
      replies: ['That is a long time. Very good!', 'You are learning fast.'],
      to: 'practice',
    },
    {
      when: ['studying', 'learning english', '学习英语', '学英语'],
      replies: ['Very good! A little every day helps a lot.', 'You are learning fast.'],
      to: 'study',
    },
    {
      when: ['where do you come from', 'where are you from', '你来自哪里', '你是哪里人'],
      replies: ['I come from London.', 'London is my home.'],
      to: 'home',
    },
  ],
});
