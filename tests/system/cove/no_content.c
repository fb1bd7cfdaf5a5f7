/* SPDX-License-Identifier: BSD-2-Clause */
/* A mistake: the TSM measures where pages are, and not what is in them. */
#include <hvrv/cove/tvm.h>

void __real_hvrv_tvm_measure(struct hvrv_tvm *tvm, const struct hvrv_tvm_hash *hash,
                             const struct hvrv_tvm_step *step);
void __wrap_hvrv_tvm_measure(struct hvrv_tvm *tvm, const struct hvrv_tvm_hash *hash,
                             const struct hvrv_tvm_step *step);

void __wrap_hvrv_tvm_measure(struct hvrv_tvm *tvm, const struct hvrv_tvm_hash *hash,
                             const struct hvrv_tvm_step *step)
{
    const struct hvrv_tvm_step place = {step->tag, step->a, step->b, NULL};

    __real_hvrv_tvm_measure(tvm, hash, &place);
}
