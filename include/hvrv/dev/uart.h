/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup uart UART
 * @brief A serial port for a guest, an ns16550a, as a state machine.
 *
 * Eight registers of a byte, as PC16550D's data sheet has them and as drivers
 * look for them: two FIFOs of 16 bytes, loopback, a scratch register. A byte
 * that the guest sends goes to a function of the caller's, at once; what comes
 * from outside is handed over when there is room:
 *
 *     hvrv_uart_init(&uart, transmit, context);
 *     hvrv_uart_read(), hvrv_uart_write()              the guest's accesses
 *     if (hvrv_uart_has_room(&uart))                   nothing is lost then
 *         hvrv_uart_receive(&uart, byte);
 *     hvrv_uart_is_pending(&uart)                      the line to the PLIC
 *
 * Time does not pass here. Sending takes none, so the transmitter is always
 * empty; fewer bytes than the trigger level are reported as a time-out at once.
 * Baud rate, parity and word length are stored and mean nothing. The other end
 * is there and ready: CTS, DSR and DCD are active, RI is not.
 *
 * Nothing here takes a lock: whoever shares a port among harts holds one around
 * each call. Not here: breaks, line errors, and DMA.
 * @{
 */
#ifndef HVRV_DEV_UART_H
#define HVRV_DEV_UART_H

#include <stdbool.h>
#include <stdint.h>

#include <hvrv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the registers. */
#define HVRV_UART_SIZE 8
/** Bytes of the receiver's FIFO. */
#define HVRV_UART_FIFO_SIZE 16

/** A port. Made by hvrv_uart_init(). */
struct hvrv_uart {
    /** Sends a byte; called from hvrv_uart_write(), whose caller holds his lock. */
    void (*transmit)(void *context, uint8_t byte);
    void *context; /**< passed to it */

    uint8_t fifo[HVRV_UART_FIFO_SIZE]; /**< what was received, as a ring */
    uint8_t first;                     /**< where the oldest byte is */
    uint8_t count;                     /**< bytes in it; at most 1 while FIFOs are off */

    uint8_t ier;        /**< interrupts enabled */
    uint8_t fcr;        /**< FIFOs on, and the trigger level */
    uint8_t lcr;        /**< line control, with DLAB */
    uint8_t mcr;        /**< modem control, with loopback */
    uint8_t msr;        /**< modem status */
    uint8_t scr;        /**< scratch */
    uint8_t dll;        /**< divisor, low */
    uint8_t dlm;        /**< divisor, high */
    uint8_t is_overrun; /**< a byte was lost since LSR was read */
    uint8_t is_sent;    /**< the transmitter became empty, and IIR did not say so yet */
};

/**
 * @brief Makes a port as after its reset: FIFOs off, interrupts off, nothing received.
 * @param[out] uart the port; all zero if refused, which is a port that sends to nobody.
 * @param transmit sends a byte, and always can.
 * @param context passed to @p transmit.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL @p uart or @p transmit is null.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_uart_init(struct hvrv_uart *uart,
                                                void (*transmit)(void *context, uint8_t byte),
                                                void *context);

/**
 * @brief A guest's load. It may take a byte off the FIFO, or clear an interrupt.
 * @param uart a port.
 * @param offset the register: 0 to 7.
 * @param size bytes: 1.
 * @param[out] value the register, zero-extended; 0 if refused.
 * @retval HVRV_OK read.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT @p size is not 1.
 * @retval HVRV_ERR_RANGE @p offset is 8 or more.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_uart_read(struct hvrv_uart *uart, uint64_t offset,
                                                unsigned size, uint64_t *value);

/**
 * @brief A guest's store. It may call hvrv_uart.transmit, once.
 * @param uart a port.
 * @param offset the register: 0 to 7.
 * @param size bytes: 1.
 * @param value what is stored: bits 7:0.
 * @retval HVRV_OK written, or ignored where the register cannot be.
 * @retval HVRV_ERR_NULL @p uart is null.
 * @retval HVRV_ERR_ARGUMENT @p size is not 1.
 * @retval HVRV_ERR_RANGE @p offset is 8 or more.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_uart_write(struct hvrv_uart *uart, uint64_t offset,
                                                 unsigned size, uint64_t value);

/**
 * @brief Tells whether a byte from outside would arrive.
 * @param uart a port.
 * @return false if the receiver is full or in loopback, or @p uart is null: keep the byte.
 */
bool hvrv_uart_has_room(const struct hvrv_uart *uart);

/**
 * @brief A byte from outside.
 *
 * In loopback it is lost. If the receiver is full a byte is lost and LSR shows an overrun: with
 * FIFOs this one, without them the one before. The result may be dropped.
 * @param uart a port.
 * @param byte the byte.
 * @retval HVRV_OK done, as on a wire.
 * @retval HVRV_ERR_NULL @p uart is null.
 */
enum hvrv_status hvrv_uart_receive(struct hvrv_uart *uart, uint8_t byte);

/**
 * @brief The port's interrupt line. To be asked after every other call.
 * @param uart a port.
 * @return true if it is high; false also if @p uart is null.
 */
bool hvrv_uart_is_pending(const struct hvrv_uart *uart);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
