/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/uart_model.h"

#include <string.h>

enum { CTS, DSR, RI, DCD };

static bool is_loop(const struct uart_model *model)
{
    return model->mcr >> 4 == 1;
}

static bool is_divisor(const struct uart_model *model)
{
    return model->lcr >= 128;
}

/* Where a line is: at the other end, which is ready, or at MCR's bit that loops back to it. */
static bool wire(const struct uart_model *model, int line)
{
    static const unsigned bits[] = {[CTS] = 1, [DSR] = 0, [RI] = 2, [DCD] = 3};

    return is_loop(model) ? model->mcr >> bits[line] & 1 : line != RI;
}

void uart_model_init(struct uart_model *model)
{
    memset(model, 0, sizeof *model);
    for (int i = CTS; i <= DCD; i++)
        model->line[i].active = wire(model, i);
    model->divisor = 12;
}

/* IIR's lower four bits. */
static unsigned interrupt(const struct uart_model *model)
{
    bool modem = false;

    for (int i = CTS; i <= DCD; i++)
        modem = modem || model->line[i].changed;
    if (model->overrun && model->enabled[2])
        return 6;
    if (model->length >= (model->fifos ? model->trigger : 1) && model->enabled[0])
        return 4;
    if (model->length > 0 && model->enabled[0])
        return 12;
    if (model->emptied && model->enabled[1])
        return 2;
    return modem && model->enabled[3] ? 0 : 1;
}

bool uart_model_interrupts(const struct uart_model *model)
{
    return interrupt(model) != 1;
}

static void arrive(struct uart_model *model, uint8_t byte)
{
    if (model->fifos && model->length == 16) {
        model->overrun = true;
    } else if (!model->fifos && model->length == 1) {
        model->overrun = true;
        model->queue[0] = byte;
    } else {
        model->queue[model->length++] = byte;
    }
}

void uart_model_receive(struct uart_model *model, uint8_t byte)
{
    if (!is_loop(model))
        arrive(model, byte);
}

bool uart_model_has_room(const struct uart_model *model)
{
    return !is_loop(model) && model->length < (model->fifos ? 16 : 1);
}

static uint8_t take(struct uart_model *model)
{
    uint8_t byte = model->queue[0];

    if (model->length == 0)
        return 0;
    model->length--;
    memmove(model->queue, model->queue + 1, 15);
    return byte;
}

static uint8_t load_iir(struct uart_model *model)
{
    unsigned iir = interrupt(model);

    if (iir == 2)
        model->emptied = false;
    return (uint8_t)(iir + (model->fifos ? 0xc0U : 0U));
}

static uint8_t load_lsr(struct uart_model *model)
{
    unsigned lsr = 0x60U + (model->length > 0) + (model->overrun ? 2U : 0U);

    model->overrun = false;
    return (uint8_t)lsr;
}

static uint8_t load_msr(struct uart_model *model)
{
    unsigned msr = 0;

    for (int i = CTS; i <= DCD; i++) {
        msr += model->line[i].active ? 0x10U << i : 0;
        msr += model->line[i].changed ? 1U << i : 0;
        model->line[i].changed = false;
    }
    return (uint8_t)msr;
}

static uint8_t load_ier(const struct uart_model *model)
{
    unsigned ier = 0;

    for (int i = 0; i < 4; i++)
        ier += model->enabled[i] ? 1U << i : 0;
    return (uint8_t)ier;
}

uint8_t uart_model_load(struct uart_model *model, unsigned offset)
{
    if (offset < 2 && is_divisor(model))
        return (uint8_t)(offset == 0 ? model->divisor % 256 : model->divisor / 256);
    if (offset == 0)
        return take(model);
    if (offset == 1)
        return load_ier(model);
    if (offset == 2)
        return load_iir(model);
    if (offset == 3)
        return model->lcr;
    if (offset == 4)
        return model->mcr;
    if (offset == 5)
        return load_lsr(model);
    return offset == 6 ? load_msr(model) : model->scratch;
}

static void store_thr(struct uart_model *model, uint8_t value)
{
    model->emptied = true;
    if (is_loop(model)) {
        arrive(model, value);
        return;
    }
    model->sent++;
    model->last = value;
}

static void store_ier(struct uart_model *model, uint8_t value)
{
    if (!model->enabled[1] && value / 2 % 2)
        model->emptied = true;
    for (int i = 0; i < 4; i++)
        model->enabled[i] = value >> i & 1;
}

static void store_fcr(struct uart_model *model, uint8_t value)
{
    static const unsigned triggers[] = {1, 4, 8, 14};
    bool on = value % 2;

    if (on != model->fifos || (on && value / 2 % 2))
        model->length = 0;
    model->fifos = on;
    model->trigger = triggers[value / 64];
}

static void store_mcr(struct uart_model *model, uint8_t value)
{
    model->mcr = value % 32;
    for (int i = CTS; i <= DCD; i++) {
        bool was = model->line[i].active, is = wire(model, i);
        if (i == RI ? was && !is : was != is)
            model->line[i].changed = true;
        model->line[i].active = is;
    }
}

void uart_model_store(struct uart_model *model, unsigned offset, uint8_t value)
{
    if (offset == 0 && is_divisor(model))
        model->divisor = model->divisor / 256 * 256 + value;
    else if (offset == 0)
        store_thr(model, value);
    else if (offset == 1 && is_divisor(model))
        model->divisor = model->divisor % 256 + value * 256U;
    else if (offset == 1)
        store_ier(model, value);
    else if (offset == 2)
        store_fcr(model, value);
    else if (offset == 3)
        model->lcr = value;
    else if (offset == 4)
        store_mcr(model, value);
    else if (offset == 7)
        model->scratch = value;
}
