#define ZONEVAL_KERNELS kernels_base
#define ZONEVAL_KERNELS_NAME "x86-64"
#include "engine/exec/columns/kernels.inc"
