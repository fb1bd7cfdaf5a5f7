/* SPDX-License-Identifier: BSD-2-Clause */
#include "bind_state.h"

/* The values of sstatus.FS and VS. */
enum { OFF, INITIAL, CLEAN, DIRTY };

/* FS and VS are the same bits of sstatus and vsstatus. */
static uint64_t state_of(const struct hvrv_vhart *vhart, uint64_t field)
{
    return hvrv_bits_get(vhart->sstatus, field);
}

static void set_state(struct hvrv_vhart *vhart, uint64_t field, uint64_t state)
{
    vhart->sstatus = hvrv_bits_set(vhart->sstatus, field, state);
}

static enum hvrv_status check_vector(const struct hvrv_probe *probe, const struct hvrv_vhart *vhart)
{
    const struct hvrv_vhart_vector *vector = &vhart->vector;
    if (!vector->registers)
        return state_of(vhart, HVRV_SSTATUS_VS) == OFF ? HVRV_OK : HVRV_ERR_ARGUMENT;
    if (!probe->vector || vector->vlenb == 0 || vector->vlenb != probe->vlenb)
        return HVRV_ERR_UNSUPPORTED;
    return HVRV_OK;
}

enum hvrv_status hvrv_bind_check_state(const struct hvrv_probe *probe,
                                       const struct hvrv_vhart *vhart)
{
    if ((unsigned)vhart->policy > HVRV_VHART_EAGER)
        return HVRV_ERR_ARGUMENT;
    if (!probe->fp && state_of(vhart, HVRV_SSTATUS_FS) > INITIAL)
        return HVRV_ERR_UNSUPPORTED;
    return check_vector(probe, vhart);
}

static void load_fp(struct hvrv_vhart *vhart)
{
    hvrv_vhart_fp_load(&vhart->fp);
    set_state(vhart, HVRV_SSTATUS_FS, CLEAN);
}

static void load_vector(struct hvrv_vhart *vhart)
{
    hvrv_vhart_vector_load(&vhart->vector);
    set_state(vhart, HVRV_SSTATUS_VS, CLEAN);
}

void hvrv_bind_load_state(const struct hvrv_probe *probe, struct hvrv_vhart *vhart)
{
    if (!probe->fp)
        set_state(vhart, HVRV_SSTATUS_FS, OFF);
    if (state_of(vhart, HVRV_SSTATUS_FS) != OFF)
        load_fp(vhart);
    if (state_of(vhart, HVRV_SSTATUS_VS) != OFF)
        load_vector(vhart);
}

/*
 * The HS-level field tells, which the guest cannot take back. But emulators make only the guest's
 * own Dirty when it writes nothing but fcsr or a CSR of V: so that one counts too, read by put
 * before.
 */
static bool is_due(const struct hvrv_vhart *vhart, uint64_t field)
{
    return vhart->policy == HVRV_VHART_EAGER || state_of(vhart, field) == DIRTY ||
           hvrv_bits_get(vhart->csr.vsstatus, field) == DIRTY;
}

static void put_fp(struct hvrv_vhart *vhart)
{
    if (is_due(vhart, HVRV_SSTATUS_FS))
        hvrv_vhart_fp_save(&vhart->fp);
    if (vhart->policy == HVRV_VHART_EAGER)
        hvrv_vhart_fp_clear();
    set_state(vhart, HVRV_SSTATUS_FS, CLEAN);
}

static void put_vector(struct hvrv_vhart *vhart)
{
    if (is_due(vhart, HVRV_SSTATUS_VS))
        hvrv_vhart_vector_save(&vhart->vector);
    if (vhart->policy == HVRV_VHART_EAGER)
        hvrv_vhart_vector_clear();
    set_state(vhart, HVRV_SSTATUS_VS, CLEAN);
}

void hvrv_bind_put_state(const struct hvrv_probe *probe, struct hvrv_vhart *vhart)
{
    if (probe->fp && state_of(vhart, HVRV_SSTATUS_FS) != OFF)
        put_fp(vhart);
    if (vhart->vector.registers && state_of(vhart, HVRV_SSTATUS_VS) != OFF)
        put_vector(vhart);
}

enum hvrv_status hvrv_bind_enable_fp(struct hvrv_bind *bind)
{
    if (!bind)
        return HVRV_ERR_NULL;
    if (!bind->loaded)
        return HVRV_ERR_STATE;
    if (!bind->probe->fp)
        return HVRV_ERR_UNSUPPORTED;
    if (state_of(bind->loaded, HVRV_SSTATUS_FS) == OFF)
        load_fp(bind->loaded);
    return HVRV_OK;
}

enum hvrv_status hvrv_bind_enable_vector(struct hvrv_bind *bind)
{
    if (!bind)
        return HVRV_ERR_NULL;
    if (!bind->loaded)
        return HVRV_ERR_STATE;
    if (!bind->probe->vector)
        return HVRV_ERR_UNSUPPORTED;
    if (!bind->loaded->vector.registers)
        return HVRV_ERR_MISSING;
    if (state_of(bind->loaded, HVRV_SSTATUS_VS) == OFF)
        load_vector(bind->loaded);
    return HVRV_OK;
}
