/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/mode.h>

#include <stddef.h>

#define ROWS_A_STAGE 4

static const struct hvrv_mode modes[2][ROWS_A_STAGE] = {
    [HVRV_STAGE_VS] =
        {
            {.name = "Bare", .encoding = HVRV_MODE_BARE, .width = 64},
            {.name = "Sv39",
             .encoding = HVRV_MODE_SV39,
             .levels = 3,
             .width = 39,
             .root_size = 4096},
            {.name = "Sv48",
             .encoding = HVRV_MODE_SV48,
             .levels = 4,
             .width = 48,
             .root_size = 4096},
            {.name = "Sv57",
             .encoding = HVRV_MODE_SV57,
             .levels = 5,
             .width = 57,
             .root_size = 4096},
        },
    [HVRV_STAGE_G] =
        {
            {.name = "Bare", .encoding = HVRV_MODE_BARE, .width = 64},
            {.name = "Sv39x4",
             .encoding = HVRV_MODE_SV39,
             .levels = 3,
             .width = 41,
             .root_size = 16384},
            {.name = "Sv48x4",
             .encoding = HVRV_MODE_SV48,
             .levels = 4,
             .width = 50,
             .root_size = 16384},
            {.name = "Sv57x4",
             .encoding = HVRV_MODE_SV57,
             .levels = 5,
             .width = 59,
             .root_size = 16384},
        },
};

const struct hvrv_mode *hvrv_mode_find(enum hvrv_stage stage, uint64_t encoding)
{
    if (stage != HVRV_STAGE_VS && stage != HVRV_STAGE_G)
        return NULL;
    for (unsigned i = 0; i < ROWS_A_STAGE; i++) {
        if (modes[stage][i].encoding == encoding)
            return &modes[stage][i];
    }
    return NULL;
}

bool hvrv_mode_takes(const struct hvrv_mode *mode, enum hvrv_stage stage, uint64_t address)
{
    if (mode->width == 64)
        return true;
    if (stage == HVRV_STAGE_G)
        return address >> mode->width == 0;
    uint64_t upper = address >> (mode->width - 1);
    return upper == 0 || upper == UINT64_MAX >> (mode->width - 1);
}
