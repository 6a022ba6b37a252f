import type { ErrorCode } from '../../shared/errors.js';
import type { ErrorWords } from './error-words.js';
import { zhAccountErrors } from './zh-account-errors.js';

/** The Chinese words for every error. */
export const zhErrors: Readonly<Record<ErrorCode, ErrorWords>> = {
  'app/internal': { what: '应用里出了点意外。', next: '请再试一次；如果总是这样，重启 BotChat。' },
  'app/bad-request': { what: '这个内容没法接受。', next: '请检查填写的内容，改一下再试。' },
  'app/disconnected': { what: '和应用的连接断开了。', next: '正在自动重连，连上之后再试一次。' },

  'profile/in-use': { what: '另一个 BotChat 正在使用同一份数据。', next: '请先关掉另一个窗口，再打开这里。' },
  'profile/unwritable': { what: '没法往数据文件夹里写东西。', next: '请检查文件夹的权限，或换一个位置。' },
  'profile/disk-full': { what: '磁盘满了。', next: '请清理出一些空间再试，已经保存的内容不受影响。' },
  'profile/damaged': {
    what: '本机的数据有损坏。',
    next: '请关闭 BotChat 再重新打开：它会用最近的备份和仍能读出的内容恢复，并保留损坏的文件。',
  },
  'profile/too-new': { what: '这份数据来自更新版本的 BotChat。', next: '请升级 BotChat 之后再打开。' },

  'topic/not-found': { what: '这个话题已经不在了。', next: '请在左边另选一个话题。' },
  'turn/not-found': { what: '这一轮对话已经不在了。', next: '请重新打开这个话题。' },
  'clip/missing': { what: '这段录音找不到了。', next: '文字还在，可以继续对话。' },

  'take/not-found': { what: '这段录音已经处理过了。', next: '请重新说一遍。' },
  'take/too-short': { what: '这次说得太短，没有录上。', next: '请按住，说完再松开。' },
  'take/silent': { what: '没有听到声音。', next: '离麦克风近一点再说一遍，或在设置里检查麦克风。' },
  'take/kept': { what: '你说到一半换了话题，这段录音没有发送。', next: '要发送就识别一次，不要就丢弃。' },
  'take/echo': {
    what: '这段听起来是回复自己的声音，所以没有发送。',
    next: '如果是你说的，请点“再识别一次”。戴上耳机就不会混进来。',
  },
  'take/interrupted': { what: '上次录到一半就中断了，录到的部分还在。', next: '可以再识别一次，或者丢弃。' },

  'microphone/refused': {
    what: '没有使用麦克风的权限。',
    next: '请在系统或浏览器里允许 BotChat 使用麦克风，也可以先打字。',
  },
  'microphone/missing': { what: '没有找到麦克风。', next: '请插上麦克风或耳机，也可以先打字。' },
  'microphone/busy': { what: '麦克风正被别的程序占用。', next: '请关掉正在用麦克风的程序再试，也可以先打字。' },
  'microphone/unplugged': { what: '麦克风断开了。', next: '断开之前说的话都保留着；接好之后可以接着说。' },
  'microphone/stopped': { what: '麦克风不再有声音传来。', next: '之前说的话都保留着；再开始说一次，会重新打开它。' },
  'microphone/no-answer': {
    what: '麦克风一直没有打开。',
    next: '请看看系统或浏览器是不是在等你允许使用麦克风，也可以先打字。',
  },

  'recogniser/not-installed': { what: '语音识别组件没有装好。', next: '请重新安装 BotChat；在那之前可以打字。' },
  'recogniser/model-missing': { what: '缺少语音识别模型。', next: '请重新安装 BotChat；在那之前可以打字。' },
  'recogniser/model-damaged': { what: '语音识别模型文件坏了。', next: '请重新安装 BotChat；在那之前可以打字。' },
  'recogniser/crashed': { what: '语音识别意外停止了，录音没有丢。', next: '请点“再识别一次”。' },
  'recogniser/timeout': { what: '识别用的时间太久，录音没有丢。', next: '请点“再识别一次”，或说短一点。' },
  'recogniser/stopped': {
    what: '语音识别接连出错，已经停下来了；录音都在。',
    next: '请点“重新启动”，再点“再识别一次”；还不行就重启电脑或重新安装 BotChat。在那之前可以打字。',
  },
  'recogniser/out-of-memory': {
    what: '内存不够，语音识别运行不了。',
    next: '请关掉一些占内存的程序，再点“重新启动”。',
  },
  'recogniser/gpu-failed': {
    what: '这台电脑的显卡运行不了语音识别，现在改用 CPU，会慢一些。',
    next: '更新显卡驱动之后，可以点“重新启动”再试。',
  },
  'recogniser/gpu-library': {
    what: '系统缺少 {detail}，显卡驱动加载不了，语音识别现在改用 CPU，会慢一些。',
    next: '安装含有这个库的软件包，再点“重新启动”。',
  },
  'recogniser/gpu-memory': {
    what: '显存不够，语音识别现在改用 CPU，会慢一些。',
    next: '关掉游戏等占显存的程序之后，可以点“重新启动”再试。',
  },
  'recogniser/smaller-model': {
    what: '识别模型太大，这台电脑现在装不下，已换成更小的模型，可能听得没那么准。',
    next: '关掉一些占内存的程序之后，可以点“重新启动”再试。',
  },
  'recogniser/nothing-heard': {
    what: '没有听出内容，录音没有丢。',
    next: '可以听听录音、再识别一次，或者丢弃后重说。',
  },
  'recogniser/failed': { what: '这次没有识别成功，录音没有丢。', next: '请点“再识别一次”。' },

  'voice/not-installed': { what: '语音合成组件没有装好。', next: '文字照常可看；请重新安装 BotChat 恢复声音。' },
  'voice/model-missing': { what: '缺少语音模型。', next: '文字照常可看；请重新安装 BotChat 恢复声音。' },
  'voice/crashed': { what: '语音合成意外停止了。', next: '文字照常可看；点播放会再试一次。' },
  'voice/timeout': { what: '合成语音用的时间太久。', next: '文字照常可看；点播放会再试一次。' },
  'voice/stopped': {
    what: '语音合成接连出错，已经停下来了。',
    next: '文字照常可看；请点“重新启动”，还不行就重启电脑或重新安装 BotChat。',
  },
  'voice/nothing-to-say': { what: '这条回复里没有能读出来的内容。', next: '请直接看文字。' },
  'voice/failed': { what: '这次没有合成出语音。', next: '文字照常可看；点播放会再试一次。' },
  'voice/gpu-unusable': {
    what: '显卡语音包在这台电脑上用不起来，改由处理器合成语音。',
    next: '语音照常。语音包需要什么，见 docs/gpu.md；点“重新启动”会再试一次。',
  },
  'voice/gpu-slower': { what: '在这台电脑上，显卡合成语音比处理器还慢，所以用处理器。', next: '不需要做什么。' },

  'models/not-found': { what: '应用里没有这个模型。', next: '请从列表里选。' },
  'models/no-host': {
    what: '存放这个文件的地址都连不上。',
    next: '请检查网络，或设置镜像、代理，然后继续。已下载的部分会保留。',
  },
  'models/wrong-file': {
    what: '收到的不是应有的文件，已丢弃。',
    next: '请稍后再试，或换一个镜像。可能是防火墙或代理改动了它。',
  },
  'models/unverified': { what: '无法确认这个文件是否正确，所以没有使用它。', next: '请检查网络后重试。' },
  'models/in-progress': { what: '另一个窗口正在下载它。', next: '请在那个窗口里等它完成。' },
  'models/disk-full': {
    what: '磁盘空间不够。',
    next: '请腾出空间，或在设置里把模型移到别的磁盘。已下载的部分会保留。',
  },
  'models/unwritable': { what: '模型文件夹不能写入。', next: '请在设置里换一个文件夹，或允许写入。' },
  'models/archive-damaged': { what: '压缩包解不开：它损坏了或不完整。', next: '请重新获取。' },
  'models/archive-unsafe': {
    what: '这个压缩包会写到文件夹之外，或比它声称的大得多，所以没有解开。',
    next: '请从发布者那里获取。',
  },
  'models/unknown-file': {
    what: '这既不是 Whisper 模型，也不是应用能用的语音。',
    next: '请选择 ggml-….bin、sherpa-onnx 语音（压缩包或文件夹），或旁边有 .onnx.json 的 Piper 语音 .onnx。',
  },
  'models/no-pronunciation': {
    what: '这个语音缺少发音数据。',
    next: '请先从列表里安装任意一个 Piper 语音，再导入它。',
  },
  'models/damaged': { what: '这个模型的文件在安装后变了，已放到一边。', next: '请重新下载。' },
  'models/bad-mirror': {
    what: '这不是应用能用的镜像。',
    next: '请填文件夹，或带有 {file} 或 {url} 的地址，例如 https://mirror.example/{url}。',
  },
  'models/bad-proxy': {
    what: '这不是 HTTP 代理的地址。',
    next: '请填例如 127.0.0.1:7890 或 http://用户名:密码@proxy.school.example:8080。如果是 SOCKS 代理，请填同一个软件的 HTTP 端口。',
  },
  'models/proxy': {
    what: '代理不让下载通过。',
    next: '请检查代理的地址、用户名和密码（在“模型”的“导入、网络和位置”里），或清空它改用系统代理，然后继续。已下载的部分会保留。',
  },

  'chat/not-set-up': { what: '聊天模型还没有填完整。', next: '请在设置里填好接口地址、模型名称和密钥。' },
  'chat/unauthorised': { what: '聊天服务不认这个密钥。', next: '请在设置里检查密钥是否完整、是否过期。' },
  'chat/model-not-found': { what: '聊天服务里没有这个模型。', next: '请在设置里核对模型名称。' },
  'chat/rate-limited': { what: '请求太频繁，或额度用完了。', next: '请等一会儿再重试，或查看账户余额。' },
  'chat/server': { what: '聊天服务出了故障。', next: '请过一会儿重试。' },
  'chat/unreachable': { what: '连不上聊天服务。', next: '请检查网络和设置里的接口地址，然后重试。' },
  'chat/untrusted': { what: '聊天服务的安全证书不可信。', next: '为了安全没有发送密钥；请检查接口地址或代理。' },
  'chat/timeout': { what: '聊天服务太久没有回应。', next: '请检查网络后重试。' },
  'chat/cut-short': { what: '回复说到一半断了。', next: '请重试，重新得到完整的回复。' },
  'chat/bad-response': { what: '聊天服务返回了看不懂的内容。', next: '请确认接口地址是 OpenAI 兼容的，然后重试。' },
  'chat/empty': { what: '聊天服务返回了空的回复。', next: '请重试，或换一个模型。' },
  'chat/too-long': { what: '回复太长，只保留了前面一部分。', next: '可以重试，或换个说法再问。' },
  'chat/out-of-money': { what: '聊天服务的余额或额度用完了。', next: '请到服务商网站充值，或在设置里换一个模型。' },
  'chat/region': {
    what: '这个聊天服务不向你所在的地区提供。',
    next: '请在设置里换一家服务商，例如 DeepSeek 或通义千问。',
  },
  'chat/conversation-too-long': {
    what: '这个话题聊得太长，模型记不下了。',
    next: '请重试：下次会只带上最近的几轮。也可以新建一个话题。',
  },
  'chat/wrong-address': {
    what: '这个接口地址上没有聊天服务。',
    next: '请在设置里核对接口地址：它通常以 /v1 结尾。如果在用需要登录的网络，请先登录。',
  },
  'chat/bad-key': { what: '密钥里有任何密钥都不会有的字符。', next: '请回到服务商网站，只复制密钥本身，再粘贴一次。' },
  'chat/two-keys': { what: '粘贴的内容里不止一个密钥。', next: '请只粘贴一个密钥。' },
  'chat/proxy': { what: '代理或网关没能连上聊天服务。', next: '请检查代理软件是否正常，或关掉代理再试。' },
  'chat/length-limit': { what: '回复到了长度上限，没有说完。', next: '可以重试，或在模型服务那边调大输出长度。' },
  'chat/filtered': { what: '聊天服务的内容审核中断了回复。', next: '可以换个说法再问。' },
  'chat/interrupted': { what: '上次回复到一半，应用就关闭了。', next: '请重试，重新得到这条回复。' },

  ...zhAccountErrors,
};
