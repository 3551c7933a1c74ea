import { config } from 'zod';

// The content policy of page and worker forbids making code from text; zod would try, be refused, and leave an error in
// the console. First of all imports, and in one chunk with zod (vite.config.ts): the first schema that is made asks.
config({ jitless: true });
