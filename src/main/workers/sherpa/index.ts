import { serve } from '../serve.js';
import { createSherpaHandlers } from './handlers.js';

serve(createSherpaHandlers());
