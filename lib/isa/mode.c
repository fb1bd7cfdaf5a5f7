/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/isa/csr_fields.h>
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

/* What hgatp and vsatp share: MODE and PPN stand at the same bits. */
static enum hvrv_status make_atp(const struct hvrv_mode *mode, uint16_t id, uint64_t root,
                                 uint64_t *atp)
{
    if (!mode)
        return HVRV_ERR_MODE;
    if (mode->levels == 0 && id)
        return HVRV_ERR_ARGUMENT;
    if (mode->levels == 0 && root)
        return HVRV_ERR_RANGE;
    if (mode->levels && !hvrv_bits_is_aligned(root, mode->root_size))
        return HVRV_ERR_ALIGN;
    if (root >> HVRV_HPA_WIDTH)
        return HVRV_ERR_RANGE;
    *atp = hvrv_bits_set(root >> HVRV_PAGE_SHIFT, HVRV_HGATP_MODE, mode->encoding);
    return HVRV_OK;
}

enum hvrv_status hvrv_mode_make_hgatp(enum hvrv_mode_encoding encoding, uint16_t vmid,
                                      hvrv_hpa root, uint64_t *hgatp)
{
    if (!hgatp)
        return HVRV_ERR_NULL;
    *hgatp = 0;
    if (!hvrv_bits_fit(HVRV_HGATP_VMID, vmid))
        return HVRV_ERR_ARGUMENT;
    enum hvrv_status status = make_atp(hvrv_mode_find(HVRV_STAGE_G, encoding), vmid, root.v, hgatp);
    if (status == HVRV_OK)
        *hgatp = hvrv_bits_set(*hgatp, HVRV_HGATP_VMID, vmid);
    return status;
}

enum hvrv_status hvrv_mode_make_vsatp(enum hvrv_mode_encoding encoding, uint16_t asid,
                                      hvrv_gpa root, uint64_t *vsatp)
{
    if (!vsatp)
        return HVRV_ERR_NULL;
    *vsatp = 0;
    enum hvrv_status status =
        make_atp(hvrv_mode_find(HVRV_STAGE_VS, encoding), asid, root.v, vsatp);
    if (status == HVRV_OK)
        *vsatp = hvrv_bits_set(*vsatp, HVRV_VSATP_ASID, asid);
    return status;
}
