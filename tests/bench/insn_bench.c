/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One instruction decoded, to be counted by insn.sh. The case is the argument.
 *
 *   insn_bench lw | c_lw | lw_htinst
 */
#include <hvrv/isa/insn.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    enum hvrv_status status = HVRV_ERR_ARGUMENT;
    struct hvrv_insn insn = {.kind = HVRV_INSN_OTHER};

    if (strcmp(name, "lw") == 0)
        status = hvrv_insn_decode(0x0007a503, &insn); /* lw a0, 0(a5) */
    else if (strcmp(name, "c_lw") == 0)
        status = hvrv_insn_decode(0x4388, &insn); /* c.lw a0, 0(a5) */
    else if (strcmp(name, "lw_htinst") == 0)
        status = hvrv_insn_decode_transformed(0x00002503, &insn);
    if (status != HVRV_OK || insn.kind != HVRV_INSN_LOAD || insn.size != 4 || insn.rd != 10) {
        fprintf(stderr, "insn_bench: wrong case or result\n");
        return 1;
    }
    return 0;
}
