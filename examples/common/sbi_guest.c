/* SPDX-License-Identifier: BSD-2-Clause */
#include "sbi_guest.h"

#include "ecall.h"

long sbi_call(unsigned long extension, unsigned long function, unsigned long a, unsigned long b)
{
    struct ecall_answer answer = ECALL(extension, function, a, b);
    return answer.error ? answer.error : (long)answer.value;
}

void print(const char *text)
{
    while (*text)
        sbi_call(SBI_DBCN, SBI_DBCN_WRITE_BYTE, (unsigned char)*text++, 0);
}

_Noreturn void power_off(unsigned long reason)
{
    for (;;)
        sbi_call(SBI_SRST, SBI_SRST_RESET, 0, reason);
}
