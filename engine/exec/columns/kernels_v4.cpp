#define ZONEVAL_KERNELS kernels_v4
#define ZONEVAL_KERNELS_NAME "x86-64-v4"
#include "engine/exec/columns/kernels.inc"
