/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modes: found exactly for the encodings of the manual, addresses taken exactly
 * as the manual says, hgatp and vsatp made or refused whole.
 *
 * Assumptions: none; every argument is anything.
 *
 * Files: lib/isa/mode.c
 */
#include <hvrv/isa/csr_fields.h>
#include <hvrv/isa/mode.h>

#include "proof.h"

/* Whether the bits from the width on are all alike the one below them (VS) or all 0 (G). */
static bool is_taken(bool is_g, unsigned width, uint64_t address)
{
    if (width == 64)
        return true;
    uint64_t upper = is_g ? address >> width : address >> (width - 1);
    return upper == 0 || (!is_g && upper == UINT64_MAX >> (width - 1));
}

void a_mode_is_found_by_its_encoding(void)
{
    enum hvrv_stage stage = (enum hvrv_stage)nondet_unsigned();
    uint64_t encoding = nondet_u64();
    uint64_t address = nondet_u64();
    const struct hvrv_mode *mode = hvrv_mode_find(stage, encoding);
    bool is_known = encoding == 0 || (encoding >= 8 && encoding <= 10);
    PROVE((mode != NULL) == (is_known && (unsigned)stage <= 1));
    if (!mode)
        return;
    bool is_g = stage == HVRV_STAGE_G;
    unsigned levels = encoding ? (unsigned)encoding - 5 : 0;
    unsigned width = encoding ? 12 + 9 * levels + (is_g ? 2 : 0) : 64;
    PROVE(mode->encoding == encoding && mode->levels == levels && mode->width == width);
    PROVE(mode->root_size == (encoding == 0 ? 0 : is_g ? 16384 : 4096));
    bool takes = hvrv_mode_takes(mode, stage, address);
    PROVE(takes == is_taken(is_g, width, address));
    COVER(is_g && width == 59 && takes);
    COVER(!is_g && width == 39 && !takes);
    COVER(!is_g && width == 57 && takes && address >> 63 == 1);
}

void hgatp_is_made_or_refused_whole(void)
{
    uint64_t encoding = nondet_unsigned();
    uint16_t vmid = nondet_u16();
    uint64_t root = nondet_u64();
    uint64_t hgatp = nondet_u64();
    enum hvrv_mode_encoding mode = (enum hvrv_mode_encoding)encoding;
    enum hvrv_status status = hvrv_mode_make_hgatp(mode, vmid, hvrv_hpa_make(root), &hgatp);
    bool translates =
        encoding >= 8 && encoding <= 10 && vmid < 16384 && root % 16384 == 0 && root >> 56 == 0;
    bool is_bare = encoding == 0 && vmid == 0 && root == 0;
    PROVE((status == HVRV_OK) == (translates || is_bare));
    PROVE(hgatp == (status == HVRV_OK ? encoding << 60 | (uint64_t)vmid << 44 | root / 4096 : 0));
    PROVE(hvrv_mode_make_hgatp(mode, vmid, hvrv_hpa_make(root), NULL) == HVRV_ERR_NULL);
    COVER(translates);
    COVER(is_bare);
    COVER(status == HVRV_ERR_ALIGN);
}

void vsatp_is_made_or_refused_whole(void)
{
    uint64_t encoding = nondet_unsigned();
    uint16_t asid = nondet_u16();
    uint64_t root = nondet_u64();
    uint64_t vsatp = nondet_u64();
    enum hvrv_mode_encoding mode = (enum hvrv_mode_encoding)encoding;
    enum hvrv_status status = hvrv_mode_make_vsatp(mode, asid, hvrv_gpa_make(root), &vsatp);
    bool translates = encoding >= 8 && encoding <= 10 && root % 4096 == 0 && root >> 56 == 0;
    bool is_bare = encoding == 0 && asid == 0 && root == 0;
    PROVE((status == HVRV_OK) == (translates || is_bare));
    PROVE(vsatp == (status == HVRV_OK ? encoding << 60 | (uint64_t)asid << 44 | root / 4096 : 0));
    PROVE(hvrv_mode_make_vsatp(mode, asid, hvrv_gpa_make(root), NULL) == HVRV_ERR_NULL);
    COVER(translates);
    COVER(is_bare);
    COVER(status == HVRV_ERR_RANGE);
}
