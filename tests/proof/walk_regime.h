/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A regime that may be anything, in the words of the walker and of the model;
 * and memory that may answer anything, the same to both.
 */
#ifndef HVRV_TESTS_PROOF_WALK_REGIME_H
#define HVRV_TESTS_PROOF_WALK_REGIME_H

#include <hvrv/mmu/walk.h>

#include "model/walk_model.h"
#include "proof.h"

/* Any regime of these modes. */
static struct hvrv_walk_regime any_regime(uint8_t vs_mode, uint8_t g_mode)
{
    struct hvrv_walk_regime regime = {
        .vs_root = {nondet_u64()},
        .g_root = {nondet_u64()},
        .vs_mode = vs_mode,
        .g_mode = g_mode,
        .vs_ad = (enum hvrv_walk_ad)nondet_unsigned(),
        .g_ad = (enum hvrv_walk_ad)nondet_unsigned(),
        .vs_sum = any_bool(),
        .vs_mxr = any_bool(),
        .hs_mxr = any_bool(),
        .hs_mxr_implicit = any_bool(),
        .vs_pbmte = any_bool(),
        .g_pbmte = any_bool(),
        .svnapot = any_bool(),
        .svrsw60t59b = any_bool(),
    };
    return regime;
}

static char policy_of(enum hvrv_walk_ad ad)
{
    return ad == HVRV_WALK_AD_FAULT ? 'f' : ad == HVRV_WALK_AD_UPDATE ? 'u' : 'i';
}

static char letter_of(enum hvrv_access access)
{
    return access == HVRV_ACCESS_LOAD    ? 'r'
           : access == HVRV_ACCESS_STORE ? 'w'
           : access == HVRV_ACCESS_FETCH ? 'x'
                                         : 'h';
}

/* The model for a regime; its memory is the caller's to add. */
static struct walk_model model_of(const struct hvrv_walk_regime *regime)
{
    struct walk_model model = {
        .vsatp_mode = regime->vs_mode,
        .vsatp_ppn = regime->vs_root.v / 4096,
        .hgatp_mode = regime->g_mode,
        .hgatp_ppn = regime->g_root.v / 4096,
        .vsstatus_sum = regime->vs_sum,
        .vsstatus_mxr = regime->vs_mxr,
        .sstatus_mxr = regime->hs_mxr,
        .sstatus_mxr_for_implicit = regime->hs_mxr_implicit,
        .vs_ad = policy_of(regime->vs_ad),
        .g_ad = policy_of(regime->g_ad),
        .henvcfg_pbmte = regime->vs_pbmte,
        .menvcfg_pbmte = regime->g_pbmte,
        .svnapot = regime->svnapot,
        .svrsw60t59b = regime->svrsw60t59b,
    };
    return model;
}

#endif
