/** A file of the Python package index that holds TensorFlow's C library. */
export interface Wheel {
  readonly project: string;
  readonly platform: string;
  readonly sha256: string;
  readonly megabytes: number;
}

/** By `process.arch`. Built for CPython 3.12, which is never run: only the C library inside is used. */
export const wheels: Readonly<Record<string, Wheel>> = {
  x64: {
    project: "tensorflow-cpu",
    platform: "manylinux_2_27_x86_64",
    sha256: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
    megabytes: 274,
  },
  arm64: {
    project: "tensorflow",
    platform: "manylinux_2_27_aarch64",
    sha256: "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
    megabytes: 282,
  },
};
