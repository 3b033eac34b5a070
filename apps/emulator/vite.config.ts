/** Builds what `npx` runs: plain JavaScript for Node 20 and newer, libraries left outside. */
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    rolldownOptions: {
      input: {
        main: 'src/main.ts',
        index: 'src/index.ts',
        'openapi-guard': 'src/openapi-guard.ts',
        'reader-thread': 'src/processing/reader-thread.ts',
      },
      // The thread's file lies beside whatever starts it.
      output: { chunkFileNames: '[name]-[hash].js' },
    },
  },
});
