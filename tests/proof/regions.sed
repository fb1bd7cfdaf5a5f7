# A list of three regions instead of 32, so that it can be full within what a solver can do.
s/^#define HVRV_REGIONS_MAX 32$/#define HVRV_REGIONS_MAX 3/
