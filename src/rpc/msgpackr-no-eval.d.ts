/** The package types only its main entry; this one is the same without generated code. */
declare module 'msgpackr/index-no-eval' {
  export { addExtension, Packr } from 'msgpackr';
}
