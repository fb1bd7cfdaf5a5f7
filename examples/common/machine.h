/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's virt machine under SBI firmware, as far as a hypervisor of the examples needs it. */
#ifndef EXAMPLES_COMMON_MACHINE_H
#define EXAMPLES_COMMON_MACHINE_H

#define HPA_FINISHER 0x100000   /* the test finisher: ends QEMU with a status */
#define HPA_UART     0x10000000 /* the serial port, which the firmware's console uses too */
#define TICKS_MS     10000      /* ticks of the time CSR in a millisecond */

/* console.c: printf goes to the firmware's console. This ends the machine. */
_Noreturn void power_off(int status);

#endif
