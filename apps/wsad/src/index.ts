export { type Services, startServices } from './services.ts';
