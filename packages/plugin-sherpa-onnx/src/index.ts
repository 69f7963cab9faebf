// A streaming recogniser for who brings the model files; none ships.

export { type SherpaModel, type SherpaOptions, sherpaRecognizer } from './sherpa-recognizer.ts';
