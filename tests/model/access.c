/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may access which register of the model hart, and which one a number means. Numbers and
 * bits are literals of the manual.
 */
#include "hart.h"

#define BIT(n) (UINT64_C(1) << (n))

enum { ILLEGAL = 2, VIRTUAL = 22 };

/* The register that the number means in the present mode: with V = 1 the VS register. */
uint32_t model_csr_seen(const struct model_hart *model, uint32_t number)
{
    static const uint16_t banked[] = {0x100, 0x104, 0x105, 0x140, 0x141, 0x142, 0x143,
                                      0x144, 0x14d, 0x14e, 0x150, 0x151, 0x152, 0x153,
                                      0x155, 0x156, 0x157, 0x15c, 0x180, 0xdb0};
    for (size_t i = 0; model->v && i < sizeof banked / sizeof banked[0]; i++) {
        if (banked[i] == number)
            return number + 0x100;
    }
    return number;
}

/* The bit of mstateen0 and hstateen0 that an access needs; 0 if none. */
static uint64_t stateen0_bit(uint32_t number)
{
    static const struct {
        uint16_t first, last;
        uint8_t bit;
    } gates[] = {
        {0x10c, 0x10c, 63}, {0x60c, 0x60c, 63}, {0x10a, 0x10a, 62}, {0x60a, 0x60a, 62},
        {0x150, 0x157, 60}, {0x250, 0x257, 60}, {0xdb0, 0xdb0, 59}, {0xeb0, 0xeb0, 59},
        {0x608, 0x609, 59}, {0x646, 0x647, 59}, {0x15c, 0x15c, 58}, {0x25c, 0x25c, 58},
        {0x5a8, 0x5a8, 57}, {0x6a8, 0x6a8, 57}, {0x181, 0x181, 55}, {0x14e, 0x14f, 54},
        {0x15f, 0x15f, 54}, {0x24e, 0x24e, 54},
    };
    for (size_t i = 0; i < sizeof gates / sizeof gates[0]; i++) {
        if (number >= gates[i].first && number <= gates[i].last)
            return BIT(gates[i].bit);
    }
    return 0;
}

/* Tells whether the state enable that an access needs is set; enables[0 to 3] are mstateen's
 * or hstateen's. */
static bool stateen_allows(const uint64_t *enables, uint32_t number)
{
    uint64_t bit = stateen0_bit(number);
    if (bit)
        return enables[0] & bit;
    for (uint32_t i = 1; i < 4; i++) {
        if (number == 0x10c + i || number == 0x60c + i)
            return enables[i] & BIT(63);
    }
    return true;
}

static bool is_float(uint32_t number)
{
    return number >= 0x001 && number <= 0x003;
}

static bool is_vector(uint32_t number)
{
    return (number >= 0x008 && number <= 0x00f) || (number >= 0xc20 && number <= 0xc22);
}

static bool status_is_off(uint64_t status, uint32_t number)
{
    return (is_float(number) && !(status & 0x6000)) || (is_vector(number) && !(status & 0x600));
}

static bool is_counter(uint32_t number)
{
    return number >= 0xc00 && number <= 0xc02;
}

/* What machine mode keeps from every mode below it. TVM does not count with V = 1. */
static bool machine_allows(const struct model_hart *model, uint32_t number)
{
    uint64_t mcounteren = model->csr[HVRV_CSR_MCOUNTEREN];
    if (status_is_off(model->csr[HVRV_CSR_MSTATUS], number))
        return false;
    if (is_counter(number) && !(mcounteren >> (number & 31) & 1))
        return false;
    if ((number == 0x14d || number == 0x24d) &&
        (!(mcounteren & 2) || !(model->csr[HVRV_CSR_MENVCFG] & BIT(63))))
        return false;
    if ((number == 0x180 || number == 0x680) && !model->v &&
        (model->csr[HVRV_CSR_MSTATUS] & BIT(20)))
        return false;
    return !(model->config.extensions & MODEL_EXTENSION(SMSTATEEN)) ||
           stateen_allows(&model->csr[HVRV_CSR_MSTATEEN0], number);
}

/* What HS-mode keeps from the guest. */
static bool hypervisor_allows(const struct model_hart *model, uint32_t number)
{
    uint64_t hcounteren = model->csr[HVRV_CSR_HCOUNTEREN];
    if (is_counter(number) && !(hcounteren >> (number & 31) & 1))
        return false;
    if (number == 0x14d &&
        (!(hcounteren & 2) || !(model_csr_load(model, HVRV_CSR_HENVCFG) & BIT(63))))
        return false;
    if (number == 0x180 && (model->csr[HVRV_CSR_HSTATUS] & BIT(20)))
        return false;
    if (!(model->config.extensions & MODEL_EXTENSION(SSSTATEEN)))
        return true;
    uint64_t enables[4];
    for (unsigned i = 0; i < 4; i++)
        enables[i] = model_csr_load(model, HVRV_CSR_HSTATEEN0 + i);
    return stateen_allows(enables, number);
}

static uint64_t guest_refusal(const struct model_hart *model, uint32_t number, unsigned needs)
{
    if (status_is_off(model->csr[HVRV_CSR_VSSTATUS], number))
        return ILLEGAL;
    if (needs == 2 || (unsigned)model->mode < needs || !hypervisor_allows(model, number))
        return VIRTUAL;
    if (model->mode == MODEL_U && is_counter(number) &&
        !(model->csr[HVRV_CSR_SCOUNTEREN] >> (number & 31) & 1))
        return VIRTUAL;
    return 0;
}

uint64_t model_csr_refuses(struct model_hart *model, uint32_t number, bool writes)
{
    bool is_listed = model_csr_is_listed(number);
    if (!is_listed)
        model_hart_complain(model, "a register that HVRV_CSR_LIST does not have", number);
    if (!model_csr_exists(model, number))
        return is_listed && model->config.missing_is_silent ? 0 : ILLEGAL;
    unsigned needs = number >> 8 & 3;
    if (writes && number >> 10 == 3)
        return ILLEGAL;
    if (model->mode == MODEL_M)
        return 0;
    if (needs == 3 || !machine_allows(model, number))
        return ILLEGAL;
    if (model->v)
        return guest_refusal(model, number, needs);
    if (model->mode == MODEL_U &&
        (needs != 0 ||
         (is_counter(number) && !(model->csr[HVRV_CSR_SCOUNTEREN] >> (number & 31) & 1))))
        return ILLEGAL;
    return 0;
}
