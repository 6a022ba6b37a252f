import type { ErrorCode } from '../../shared/errors.js';
import { enAccountErrors } from './en-account-errors.js';
import type { ErrorWords } from './error-words.js';

/** The English words for every error. */
export const enErrors: Readonly<Record<ErrorCode, ErrorWords>> = {
  'app/internal': {
    what: 'Something unexpected went wrong.',
    next: 'Try again; if it keeps happening, restart BotChat.',
  },
  'app/bad-request': { what: 'That could not be accepted.', next: 'Check what you entered and try again.' },
  'app/disconnected': { what: 'The connection to the app was lost.', next: 'Reconnecting; try again once it is back.' },

  'profile/in-use': { what: 'Another BotChat is using the same data.', next: 'Close the other window first.' },
  'profile/unwritable': {
    what: 'The data folder cannot be written to.',
    next: 'Check its permissions, or choose another place.',
  },
  'profile/disk-full': { what: 'The disk is full.', next: 'Free some space and try again; what was saved is safe.' },
  'profile/damaged': {
    what: 'The data on this computer is damaged.',
    next: 'Close BotChat and open it again: it goes back to its last backup, with all that can still be read, and keeps the damaged file.',
  },
  'profile/too-new': { what: 'This data comes from a newer BotChat.', next: 'Update BotChat, then open it again.' },

  'topic/not-found': { what: 'This topic no longer exists.', next: 'Choose another one on the left.' },
  'turn/not-found': { what: 'This turn no longer exists.', next: 'Open the topic again.' },
  'clip/missing': { what: 'This recording cannot be found.', next: 'The words are still here; you can carry on.' },

  'take/not-found': { what: 'This recording has already been dealt with.', next: 'Say it once more.' },
  'take/too-short': {
    what: 'That was too short to record.',
    next: 'Hold while you speak, and let go when you are done.',
  },
  'take/silent': { what: 'No sound was heard.', next: 'Move closer to the microphone, or check it in Settings.' },
  'take/kept': {
    what: 'You left the topic while you were speaking; nothing was sent.',
    next: 'Transcribe it to send it, or discard it.',
  },
  'take/echo': {
    what: 'This sounded like the reply itself, so it was not sent.',
    next: 'Was it you? Transcribe it again. Headphones keep the reply out of the microphone.',
  },
  'take/interrupted': {
    what: 'This recording was cut off; what was recorded is kept.',
    next: 'Transcribe it again, or discard it.',
  },

  'microphone/refused': {
    what: 'BotChat may not use the microphone.',
    next: 'Allow it in your system or browser. You can type meanwhile.',
  },
  'microphone/missing': { what: 'No microphone was found.', next: 'Plug one in. You can type meanwhile.' },
  'microphone/busy': {
    what: 'Another program is using the microphone.',
    next: 'Close that program and try again. You can type meanwhile.',
  },
  'microphone/unplugged': {
    what: 'The microphone went away.',
    next: 'What you said until then is kept; plug it in to go on.',
  },
  'microphone/stopped': {
    what: 'No more sound comes from the microphone.',
    next: 'What you said until then is kept; talk again to open it anew.',
  },
  'microphone/no-answer': {
    what: 'The microphone does not open.',
    next: 'See whether your system or browser is asking for permission. You can type meanwhile.',
  },

  'recogniser/not-installed': {
    what: 'Speech recognition is not installed properly.',
    next: 'Reinstall BotChat; you can type meanwhile.',
  },
  'recogniser/model-missing': {
    what: 'The speech recognition model is missing.',
    next: 'Reinstall BotChat; you can type meanwhile.',
  },
  'recogniser/model-damaged': {
    what: 'The speech recognition model is damaged.',
    next: 'Reinstall BotChat; you can type meanwhile.',
  },
  'recogniser/crashed': {
    what: 'Speech recognition stopped; your recording is safe.',
    next: 'Choose “Transcribe again”.',
  },
  'recogniser/timeout': {
    what: 'Recognition took too long; your recording is safe.',
    next: 'Choose “Transcribe again”, or say something shorter.',
  },
  'recogniser/stopped': {
    what: 'Speech recognition crashed again and again and was stopped; your recordings are safe.',
    next: 'Choose “Start again”, then “Transcribe again”; if that fails, restart the computer or reinstall BotChat. You can type meanwhile.',
  },
  'recogniser/out-of-memory': {
    what: 'There is not enough memory for speech recognition.',
    next: 'Close programs that use a lot of memory, then choose “Start again”.',
  },
  'recogniser/gpu-failed': {
    what: 'This computer’s GPU cannot run speech recognition; the CPU does, and is slower.',
    next: 'After updating the graphics driver, choose “Start again” to try it once more.',
  },
  'recogniser/gpu-library': {
    what: 'The graphics driver does not load, since the system lacks {detail}; speech recognition runs on the CPU, and is slower.',
    next: 'Install the package that has this library, then choose “Start again”.',
  },
  'recogniser/gpu-memory': {
    what: 'The GPU has too little free memory; speech recognition runs on the CPU, and is slower.',
    next: 'Close games and the like, then choose “Start again” to try it once more.',
  },
  'recogniser/smaller-model': {
    what: 'The recognition model is too large for this computer at the moment; a smaller one listens, perhaps less exactly.',
    next: 'Close programs that use a lot of memory, then choose “Start again” to try it once more.',
  },
  'recogniser/nothing-heard': {
    what: 'No words were made out; your recording is safe.',
    next: 'Listen to it, transcribe it again, or discard it and say it anew.',
  },
  'recogniser/failed': { what: 'Recognition failed; your recording is safe.', next: 'Choose “Transcribe again”.' },

  'voice/not-installed': {
    what: 'The voice is not installed properly.',
    next: 'Text still works; reinstall BotChat to get the sound back.',
  },
  'voice/model-missing': {
    what: 'The voice model is missing.',
    next: 'Text still works; reinstall BotChat to get the sound back.',
  },
  'voice/crashed': { what: 'The voice stopped unexpectedly.', next: 'Text still works; press play to try again.' },
  'voice/timeout': { what: 'The voice took too long.', next: 'Text still works; press play to try again.' },
  'voice/stopped': {
    what: 'The voice crashed again and again and was stopped.',
    next: 'Read on meanwhile and choose “Start again”; if that fails, restart the computer or reinstall BotChat.',
  },
  'voice/nothing-to-say': { what: 'There is nothing to read aloud in this reply.', next: 'Show its text instead.' },
  'voice/failed': { what: 'This could not be spoken.', next: 'Text still works; press play to try again.' },
  'voice/gpu-unusable': {
    what: 'The voice pack for the graphics card does not work here, so the processor speaks.',
    next: 'Speech goes on as usual. docs/gpu.md tells what the pack needs; “Start again” tries it anew.',
  },
  'voice/gpu-slower': {
    what: 'The graphics card speaks more slowly than the processor here, so the processor does it.',
    next: 'Nothing is to be done.',
  },

  'models/not-found': { what: 'The app does not know this model.', next: 'Choose one from the list.' },
  'models/no-host': {
    what: 'None of the places that have this file could be reached.',
    next: 'Check the network, or set a mirror or a proxy, then continue. What has come is kept.',
  },
  'models/wrong-file': {
    what: 'What was sent is not the file that it should be; it was thrown away.',
    next: 'Try again later or from another mirror. A firewall or a proxy may have changed it.',
  },
  'models/unverified': {
    what: 'Nobody could be asked whether this file is the right one, so it is not used.',
    next: 'Check the network and try again.',
  },
  'models/in-progress': { what: 'Another window of this app is already downloading this.', next: 'Wait for it there.' },
  'models/disk-full': {
    what: 'There is not enough room on the disk.',
    next: 'Make room, or move the models to another disk in the settings. What has come is kept.',
  },
  'models/unwritable': {
    what: 'The folder of the models cannot be written to.',
    next: 'Choose another folder in the settings, or allow writing there.',
  },
  'models/archive-damaged': {
    what: 'The archive cannot be unpacked: it is damaged or incomplete.',
    next: 'Get it again.',
  },
  'models/archive-unsafe': {
    what: 'The archive would write outside of its folder, or is far larger than it says; it was not unpacked.',
    next: 'Get it from where its publisher keeps it.',
  },
  'models/unknown-file': {
    what: 'This is neither a Whisper model nor a voice that the app can use.',
    next: 'Choose a ggml-….bin, a sherpa-onnx voice (archive or folder), or a Piper voice’s .onnx with its .onnx.json beside it.',
  },
  'models/no-pronunciation': {
    what: 'This voice needs pronunciation data that it does not bring along.',
    next: 'Install any Piper voice from the list first; then import this one again.',
  },
  'models/damaged': {
    what: 'The files of this model have changed since they were installed; they were set aside.',
    next: 'Download it again.',
  },
  'models/bad-mirror': {
    what: 'This is not a mirror that the app can use.',
    next: 'Give a folder, or an address with {file} or {url} in it, such as https://mirror.example/{url}.',
  },
  'models/bad-proxy': {
    what: 'This is not the address of an HTTP proxy.',
    next: 'Enter one such as 127.0.0.1:7890 or http://name:password@proxy.school.example:8080. For a SOCKS proxy, enter the HTTP port that the same program has.',
  },
  'models/proxy': {
    what: 'The proxy lets nothing through.',
    next: 'Check its address, name and password (under Models › Import, network and place), or clear it to use the system’s; then continue. What has come is kept.',
  },

  'chat/not-set-up': {
    what: 'The chat model is not fully set up.',
    next: 'Enter the base URL, the model and the key in Settings.',
  },
  'chat/unauthorised': {
    what: 'The chat service does not accept this key.',
    next: 'Check in Settings that the key is whole and not expired.',
  },
  'chat/model-not-found': { what: 'The chat service has no such model.', next: 'Check the model’s name in Settings.' },
  'chat/rate-limited': {
    what: 'Too many requests, or the quota is used up.',
    next: 'Wait a while and retry, or check your balance.',
  },
  'chat/server': { what: 'The chat service had a failure.', next: 'Retry in a while.' },
  'chat/unreachable': {
    what: 'The chat service cannot be reached.',
    next: 'Check the network and the address in Settings, then retry.',
  },
  'chat/untrusted': {
    what: 'The chat service’s certificate is not trusted.',
    next: 'Your key was not sent. Check the address or your proxy.',
  },
  'chat/timeout': { what: 'The chat service did not answer in time.', next: 'Check the network and retry.' },
  'chat/cut-short': { what: 'The reply broke off half-way.', next: 'Retry to get the whole reply.' },
  'chat/bad-response': {
    what: 'The chat service answered with something unreadable.',
    next: 'Check that the address is OpenAI-compatible, then retry.',
  },
  'chat/empty': { what: 'The chat service sent an empty reply.', next: 'Retry, or choose another model.' },
  'chat/too-long': {
    what: 'The reply was too long; only its beginning was kept.',
    next: 'Retry, or ask in another way.',
  },
  'chat/out-of-money': {
    what: 'Your balance or quota at the chat service is used up.',
    next: 'Top it up on the provider’s site, or choose another model in Settings.',
  },
  'chat/region': {
    what: 'This chat service is not offered in your region.',
    next: 'Choose another provider in Settings, for example DeepSeek or Qwen.',
  },
  'chat/conversation-too-long': {
    what: 'This conversation has grown too long for the model.',
    next: 'Retry: only the last exchanges will be sent. Or start a new topic.',
  },
  'chat/wrong-address': {
    what: 'There is no chat service at this base URL.',
    next: 'Check it in Settings: it usually ends in /v1. If your network wants you to sign in, do that first.',
  },
  'chat/bad-key': {
    what: 'The key has characters that no key has.',
    next: 'Copy the key itself from the provider’s site, and paste it again.',
  },
  'chat/two-keys': { what: 'More than one key was pasted.', next: 'Paste one key only.' },
  'chat/proxy': {
    what: 'A proxy or gateway could not reach the chat service.',
    next: 'Check your proxy, or switch it off and retry.',
  },
  'chat/length-limit': {
    what: 'The reply reached the length limit and is not whole.',
    next: 'Retry, or allow longer answers where the model runs.',
  },
  'chat/filtered': {
    what: 'The chat service’s content filter broke the reply off.',
    next: 'Try to say it in another way.',
  },
  'chat/interrupted': {
    what: 'The app was closed before this reply was complete.',
    next: 'Retry to get this reply again.',
  },

  ...enAccountErrors,
};
