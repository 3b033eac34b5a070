export { createDeflater, type Deflater, deflateRaw, WINDOW_BYTES } from './deflater.ts';
