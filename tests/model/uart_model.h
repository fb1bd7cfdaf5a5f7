/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What lib/dev/uart promises, a flag for each thing and a queue that moves up.
 * It shares no code, no type and no constant with the library.
 */
#ifndef HVRV_TESTS_MODEL_UART_MODEL_H
#define HVRV_TESTS_MODEL_UART_MODEL_H

#include <stdbool.h>
#include <stdint.h>

struct uart_model_line {
    bool active;
    bool changed; /* since MSR was read; of RI: it fell */
};

struct uart_model {
    uint8_t queue[16];
    unsigned length;
    bool overrun;
    bool fifos;
    unsigned trigger;

    bool enabled[4]; /* IER's bits */
    bool emptied;    /* the transmitter, and IIR did not say so yet */

    struct uart_model_line line[4]; /* CTS, DSR, RI, DCD */
    uint8_t mcr, lcr, scratch;
    unsigned divisor;

    unsigned long sent; /* bytes */
    uint8_t last;       /* of them */
};

void uart_model_init(struct uart_model *model);
uint8_t uart_model_load(struct uart_model *model, unsigned offset);
void uart_model_store(struct uart_model *model, unsigned offset, uint8_t value);
void uart_model_receive(struct uart_model *model, uint8_t byte);
bool uart_model_has_room(const struct uart_model *model);
bool uart_model_interrupts(const struct uart_model *model);

#endif
