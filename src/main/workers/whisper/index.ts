import { serve } from '../serve.js';
import { createWhisperHandlers } from './handlers.js';

serve(createWhisperHandlers());
