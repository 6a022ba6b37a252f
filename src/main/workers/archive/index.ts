import { serve } from '../serve.js';
import { createArchiveHandlers } from './handlers.js';

serve(createArchiveHandlers());
