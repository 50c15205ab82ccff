#define ZONEVAL_KERNELS kernels_v3
#define ZONEVAL_KERNELS_NAME "x86-64-v3"
#include "engine/exec/columns/kernels.inc"
