import type { AccountErrorCode, ErrorWords } from './error-words.js';

/** The Chinese words for what goes wrong with accounts and syncing. */
export const zhAccountErrors: Readonly<Record<AccountErrorCode, ErrorWords>> = {
  'account/bad-connection-string': {
    what: '这不像是连接串。',
    next: '连接串以 botchat:// 开头，请从管理员发来的消息里完整复制一遍。',
  },
  'account/connection-string-damaged': {
    what: '连接串不完整，可能漏了一截或改动过。',
    next: '请从头到尾重新复制；还不行，就请管理员重新发一份。',
  },
  'account/host-unknown': {
    what: '找不到这台账号服务器的地址。',
    next: '请检查网络；网络没问题的话，请管理员核对连接串里的地址。',
  },
  'account/unreachable': {
    what: '连不上账号服务器。',
    next: '请检查网络；如果别的网站都正常，可能是服务器没开或被防火墙挡住了，请联系管理员。',
  },
  'account/no-tls': {
    what: '这台服务器没有开启加密连接，所以什么都没有发送。',
    next: '请管理员在服务器上开启 TLS 之后再连。',
  },
  'account/untrusted': {
    what: '没法确认这台服务器的身份：它的证书不可信，所以什么都没有发送。',
    next: '请向管理员要新的连接串；在公共网络里，请换个网络再试。',
  },
  'account/wrong-host': {
    what: '证书是给另一台服务器的，所以什么都没有发送。',
    next: '请向管理员要新的连接串；在公共网络里，请换个网络再试。',
  },
  'account/certificate-expired': {
    what: '服务器的证书不在有效期内。',
    next: '请先看看这台电脑的日期对不对；日期没错，就请管理员更新证书。',
  },
  'account/refused': {
    what: '服务器不认这个连接串。',
    next: '它可能已经换过了，请向管理员要新的连接串。',
  },
  'account/not-a-store': {
    what: '连上了，但那里没有 BotChat 的账号库。',
    next: '请管理员在服务器上运行 account-store init，或者换一个连接串。',
  },
  'account/store-too-old': {
    what: '服务器上的账号库版本太旧，这个 BotChat 用不了。',
    next: '请管理员在服务器上运行 account-store upgrade。',
  },
  'account/store-too-new': { what: '服务器比这个 BotChat 新。', next: '请升级 BotChat 之后再连。' },
  'account/busy': { what: '服务器现在太忙。', next: '请过一会儿再试。' },
  'account/server-full': {
    what: '服务器的连接数已经用完。',
    next: '请过一会儿再试；总是这样的话，请管理员调大 max_connections。',
  },
  'account/sign-in-method': {
    what: '服务器要求的登录方式 BotChat 不支持。',
    next: '请管理员运行 account-store upgrade，它会重新设置应用用的账号。',
  },
  'account/read-only': {
    what: '服务器正在维护，暂时只能读、不能存。',
    next: '改动先留在这台电脑上，请过一会儿再试。',
  },
  'account/store-failed': { what: '账号服务器出了故障。', next: '请过一会儿再试；总是这样的话，请联系管理员。' },
  'account/store-unsteady': {
    what: '账号服务器的回答前后矛盾，BotChat 已停止与它同步。',
    next: '这台电脑上的内容都还在。请告诉管理员；点“立即同步”会再试一次。',
  },
  'account/other-account': {
    what: '服务器给的是另一个账号，不是这台电脑上登录的那个。',
    next: '请先退出登录；如果这确实是你的名字，请问管理员发生了什么。',
  },
  'account/session-ended': {
    what: '登录已经失效：可能在别的设备上改了密码，或移除了这台设备。',
    next: '请重新登录，没上传的内容都还在。',
  },
  'account/bad-input': { what: '服务器不接受填写的内容。', next: '请检查一遍，改一下再试。' },
  'account/wrong-login': {
    what: '名字和密码（或恢复码）对不上。',
    next: '请核对后再试；忘了密码，可以用恢复码重设。',
  },
  'account/throttled': {
    what: '试的次数有点多，服务器要歇一会儿。',
    next: '请等一会儿再试，最多等 15 分钟；已经登录的设备不受影响。',
  },
  'account/name-taken': { what: '这个名字已经有人用了。', next: '请换一个名字；如果就是你自己的账号，请直接登录。' },
  'account/bad-name': { what: '这个名字用不了。', next: '请用 2 到 64 个字，中文、英文、数字都行，中间不要有空格。' },
  'account/bad-invitation': {
    what: '这个邀请码用不了，可能填错了，或者已经用过、过期了。',
    next: '请核对一遍，或者向管理员要新的邀请码。',
  },
  'account/registrations-paused': {
    what: '这台服务器暂时不接受新注册。',
    next: '请过一会儿再试，或者问问管理员；已有账号可以照常登录。',
  },
  'account/not-signed-in': { what: '现在没有登录账号。', next: '请先登录，再试一次。' },

  'sync/batch-too-large': { what: '一次上传的内容太多，服务器没有收。', next: '会自动分批再传，不用管它。' },
  'sync/malformed': {
    what: '有的改动服务器看不懂，没有收。',
    next: '内容都还在这台电脑上；请升级 BotChat，或者联系管理员。',
  },
  'sync/too-large': {
    what: '有一条内容太长，服务器没有收。',
    next: '它会一直留在这台电脑上，其余的照常同步。',
  },
  'sync/full': {
    what: '账号在服务器上的空间满了。',
    next: '可以删掉一些不要的话题，或者请管理员加大空间；新内容先留在这台电脑上。',
  },
};
