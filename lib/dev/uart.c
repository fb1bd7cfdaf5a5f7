/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/dev/uart.h>

#include <stddef.h>

/* The registers by their offsets; which of two it is, DLAB or the direction says. */
#define RBR 0 /* read; written it is THR; with DLAB DLL */
#define IER 1 /* with DLAB DLM */
#define IIR 2 /* read; written it is FCR */
#define LCR 3
#define MCR 4
#define LSR 5
#define MSR 6
#define SCR 7

#define IER_RDI  0x01 /* something was received */
#define IER_THRI 0x02 /* the transmitter is empty */
#define IER_RLSI 0x04 /* line status */
#define IER_MSI  0x08 /* modem status */
#define IER_ALL  0x0f

/* What IIR says, by falling priority; any but NONE is a pending interrupt. */
#define IIR_RLSI    0x06
#define IIR_RDI     0x04
#define IIR_TIMEOUT 0x0c
#define IIR_THRI    0x02
#define IIR_MSI     0x00
#define IIR_NONE    0x01
#define IIR_FIFOS   0xc0

#define FCR_ENABLE         0x01
#define FCR_CLEAR_RECEIVER 0x02
#define FCR_TRIGGER        0xc0
#define FCR_TRIGGER_SHIFT  6

#define LCR_DLAB 0x80

#define MCR_DTR  0x01
#define MCR_RTS  0x02
#define MCR_OUT1 0x04
#define MCR_OUT2 0x08
#define MCR_LOOP 0x10
#define MCR_ALL  0x1f

#define LSR_DR   0x01
#define LSR_OE   0x02
#define LSR_THRE 0x20
#define LSR_TEMT 0x40

#define MSR_DELTAS      0x0f /* which of CTS, DSR, DCD changed; and whether RI fell */
#define MSR_TERI        0x04
#define MSR_CTS         0x10
#define MSR_DSR         0x20
#define MSR_RI          0x40
#define MSR_DCD         0x80
#define MSR_LINES       0xf0
#define MSR_DELTA_SHIFT 4

#define DIVISOR_RESET 12 /* not 0: a driver may divide by it */

enum hvrv_status hvrv_uart_init(struct hvrv_uart *uart,
                                void (*transmit)(void *context, uint8_t byte), void *context)
{
    if (!uart)
        return HVRV_ERR_NULL;
    *uart = (struct hvrv_uart){0};
    if (!transmit)
        return HVRV_ERR_NULL;
    uart->transmit = transmit;
    uart->context = context;
    uart->msr = MSR_CTS | MSR_DSR | MSR_DCD;
    uart->dll = DIVISOR_RESET;
    return HVRV_OK;
}

static unsigned capacity(const struct hvrv_uart *uart)
{
    return uart->fcr & FCR_ENABLE ? HVRV_UART_FIFO_SIZE : 1;
}

/* With FIFOs the byte that does not fit is lost; without, the one that is there. */
static void push(struct hvrv_uart *uart, uint8_t byte)
{
    if (uart->count == capacity(uart)) {
        uart->is_overrun = 1;
        if (uart->fcr & FCR_ENABLE)
            return;
        uart->count = 0;
    }
    uart->fifo[(uart->first + uart->count) % HVRV_UART_FIFO_SIZE] = byte;
    uart->count++;
}

static uint8_t pop(struct hvrv_uart *uart)
{
    uint8_t byte = 0;

    if (uart->count != 0) {
        byte = uart->fifo[uart->first];
        uart->first = (uint8_t)((uart->first + 1U) % HVRV_UART_FIFO_SIZE);
        uart->count--;
    }
    return byte;
}

static unsigned trigger(const struct hvrv_uart *uart)
{
    static const uint8_t levels[] = {1, 4, 8, 14};

    return levels[uart->fcr >> FCR_TRIGGER_SHIFT];
}

/* The pending interrupt of the highest priority. */
static uint8_t identify(const struct hvrv_uart *uart)
{
    if (uart->ier & IER_RLSI && uart->is_overrun)
        return IIR_RLSI;
    if (uart->ier & IER_RDI && uart->count != 0)
        return uart->count >= trigger(uart) ? IIR_RDI : IIR_TIMEOUT;
    if (uart->ier & IER_THRI && uart->is_sent)
        return IIR_THRI;
    if (uart->ier & IER_MSI && uart->msr & MSR_DELTAS)
        return IIR_MSI;
    return IIR_NONE;
}

/* Reading IIR takes back that the transmitter is empty, if that is what was read. */
static uint8_t read_iir(struct hvrv_uart *uart)
{
    uint8_t iir = identify(uart);

    if (iir == IIR_THRI)
        uart->is_sent = 0;
    return uart->fcr & FCR_ENABLE ? iir | IIR_FIFOS : iir;
}

static uint8_t read_lsr(struct hvrv_uart *uart)
{
    unsigned lsr = LSR_THRE | LSR_TEMT;

    if (uart->count != 0)
        lsr |= LSR_DR;
    if (uart->is_overrun)
        lsr |= LSR_OE;
    uart->is_overrun = 0;
    return (uint8_t)lsr;
}

static uint8_t read_msr(struct hvrv_uart *uart)
{
    uint8_t msr = uart->msr;

    uart->msr &= MSR_LINES;
    return msr;
}

static uint8_t load(struct hvrv_uart *uart, unsigned offset)
{
    switch (offset) {
    case RBR:
        return uart->lcr & LCR_DLAB ? uart->dll : pop(uart);
    case IER:
        return uart->lcr & LCR_DLAB ? uart->dlm : uart->ier;
    case IIR:
        return read_iir(uart);
    case LCR:
        return uart->lcr;
    case MCR:
        return uart->mcr;
    case LSR:
        return read_lsr(uart);
    case MSR:
        return read_msr(uart);
    default:
        return uart->scr;
    }
}

/* The byte is gone when this returns, so the transmitter became empty again. */
static void send(struct hvrv_uart *uart, uint8_t byte)
{
    uart->is_sent = 1;
    if (uart->mcr & MCR_LOOP)
        push(uart, byte);
    else if (uart->transmit)
        uart->transmit(uart->context, byte);
}

/* Who enables the transmitter's interrupt is told at once that it is empty. */
static void write_ier(struct hvrv_uart *uart, uint8_t value)
{
    if (value & ~uart->ier & IER_THRI)
        uart->is_sent = 1;
    uart->ier = value & IER_ALL;
}

/* Without bit 0 the other bits mean nothing; a change of it empties the FIFOs. */
static void write_fcr(struct hvrv_uart *uart, uint8_t value)
{
    uint8_t changed = (value ^ uart->fcr) & FCR_ENABLE;

    if (changed || (value & FCR_ENABLE && value & FCR_CLEAR_RECEIVER))
        uart->count = 0;
    uart->fcr = value & FCR_ENABLE ? value & (FCR_ENABLE | FCR_TRIGGER) : 0;
}

/* In loopback the lines come from MCR; outside, from an end that is ready. */
static uint8_t lines(uint8_t mcr)
{
    unsigned msr = 0;

    if (!(mcr & MCR_LOOP))
        return MSR_CTS | MSR_DSR | MSR_DCD;
    msr |= mcr & MCR_RTS ? MSR_CTS : 0;
    msr |= mcr & MCR_DTR ? MSR_DSR : 0;
    msr |= mcr & MCR_OUT1 ? MSR_RI : 0;
    msr |= mcr & MCR_OUT2 ? MSR_DCD : 0;
    return (uint8_t)msr;
}

static void write_mcr(struct hvrv_uart *uart, uint8_t value)
{
    unsigned before = uart->msr & MSR_LINES, after = lines(value);
    unsigned deltas = (before ^ after) >> MSR_DELTA_SHIFT;

    if (after & MSR_RI) /* of RI only the end counts */
        deltas &= ~(unsigned)MSR_TERI;
    uart->mcr = value & MCR_ALL;
    uart->msr = (uint8_t)(after | (uart->msr & MSR_DELTAS) | deltas);
}

static void store(struct hvrv_uart *uart, unsigned offset, uint8_t value)
{
    switch (offset) {
    case RBR:
        if (uart->lcr & LCR_DLAB)
            uart->dll = value;
        else
            send(uart, value);
        break;
    case IER:
        if (uart->lcr & LCR_DLAB)
            uart->dlm = value;
        else
            write_ier(uart, value);
        break;
    case IIR:
        write_fcr(uart, value);
        break;
    case LCR:
        uart->lcr = value;
        break;
    case MCR:
        write_mcr(uart, value);
        break;
    case SCR:
        uart->scr = value;
        break;
    default: /* LSR and MSR */
        break;
    }
}

static enum hvrv_status check(uint64_t offset, unsigned size)
{
    if (size != 1)
        return HVRV_ERR_ARGUMENT;
    return offset >= HVRV_UART_SIZE ? HVRV_ERR_RANGE : HVRV_OK;
}

enum hvrv_status hvrv_uart_read(struct hvrv_uart *uart, uint64_t offset, unsigned size,
                                uint64_t *value)
{
    enum hvrv_status status = check(offset, size);

    if (value)
        *value = 0;
    if (!uart || !value)
        return HVRV_ERR_NULL;
    if (status == HVRV_OK)
        *value = load(uart, (unsigned)offset);
    return status;
}

enum hvrv_status hvrv_uart_write(struct hvrv_uart *uart, uint64_t offset, unsigned size,
                                 uint64_t value)
{
    enum hvrv_status status = check(offset, size);

    if (!uart)
        return HVRV_ERR_NULL;
    if (status == HVRV_OK)
        store(uart, (unsigned)offset, (uint8_t)value);
    return status;
}

bool hvrv_uart_has_room(const struct hvrv_uart *uart)
{
    return uart && !(uart->mcr & MCR_LOOP) && uart->count < capacity(uart);
}

enum hvrv_status hvrv_uart_receive(struct hvrv_uart *uart, uint8_t byte)
{
    if (!uart)
        return HVRV_ERR_NULL;
    if (!(uart->mcr & MCR_LOOP))
        push(uart, byte);
    return HVRV_OK;
}

bool hvrv_uart_is_pending(const struct hvrv_uart *uart)
{
    return uart && identify(uart) != IIR_NONE;
}
