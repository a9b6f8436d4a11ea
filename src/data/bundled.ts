/** The name of the bundled images of handwritten digits, where a file of points is asked for. */
export const DIGITS = "digits";
