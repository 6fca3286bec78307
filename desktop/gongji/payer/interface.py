"""The messages of the national interface, field by field, in a short form.

`c30` is a text of at most 30 characters, `n16,2` a number with at most two decimals, `d` a date, `t` a date and time,
`b` a file, in base64 or as bytes; `!` must be there and not empty. A node in brackets holds many; an answer's node with
`?` may be missing. Unlisted fields are allowed and not read. Where two provinces differ the laxer length is
listed. 2505, 2506 and how a query pages its answer come from other sources. 1390 is the practice platform's own: the
packs it offers, asked for as a catalogue is.
"""

REQUEST = (
    "infno c6!; msgid c30!; mdtrtarea_admvs c6!; insuplc_admdvs c6; recer_sys_code c10!; dev_no c100; "
    "dev_safe_info c2000; cainfo c1024; signtype c10; infver c6!; opter_type c3!; opter c30!; opter_name c50!; "
    "inf_time t!; fixmedins_code c12!; fixmedins_name c200!; sign_no c30"
)
_CERT = "mdtrt_cert_type c3!; mdtrt_cert_no c50!; card_sn c32"
_WHO = "psn_cert_type c6; certno c50; psn_type c6; psn_name c50"
_VISIT = "psn_no c30!; mdtrt_id c30!"
_SETTLING = (
    f"{_VISIT}; {_CERT}; {_WHO}; med_type c6!; medfee_sumamt n16,2!; psn_setlway c6!; chrg_bchno c30!; insutype c6!; "
    "acct_used_flag c1!"
)
_SPLIT = "fulamt_ownpay_amt n16,2!; overlmt_selfpay n16,2!; preselfpay_amt n16,2!; inscp_scp_amt n16,2!"
_FUNDS = (
    "act_pay_dedc n16,2; hifp_pay n16,2; cvlserv_pay n16,2; hifes_pay n16,2; hifmi_pay n16,2; hifob_pay n16,2; "
    "maf_pay n16,2; oth_pay n16,2; hifdm_pay n16,2; fund_pay_sumamt n16,2!; psn_part_amt n16,2; psn_pay n16,2; "
    "acct_pay n16,2; acct_mulaid_pay n16,2; hosp_part_amt n16,2; psn_cash_pay n16,2; cash_payamt n16,2"
)
_TOLD_SPLIT = "fulamt_ownpay_amt n16,2; overlmt_selfpay n16,2; preselfpay_amt n16,2; inscp_scp_amt n16,2"
_SETTLED = f"mdtrt_id c30!; setl_id c30!; setl_time c30!; medfee_sumamt n16,2!; {_TOLD_SPLIT}; {_FUNDS}"
_FIX = "psn_no c30!; biz_appy_type c3!"
_VERSION = {"data": "ver c20!"}
_PAGE = {"data": "hilist_code c30; insu_admdvs c6; vali_flag c3; updt_time c19!; page_num n4,0!; page_size n4,0!"}
_FILE = {"": "file_qury_no c200; filename c200; data_cnt n10,0"}
_PAGES = {"": "recordCounts n10,0!"}
_STATED = "stmt_begndate c19!; stmt_enddate c19!; medfee_sumamt n16,2!; fund_pay_sumamt n16,2!"

INPUTS: dict[str, dict[str, str]] = {
    "9001": {"signIn": "opter_no c20!; mac c20!; ip c20!"},
    "1101": {"data": f"{_CERT}; begntime t; psn_cert_type c6; certno c50; psn_name c50"},
    "1162": {
        "data": "ecQrCode c64!; businessType c10!; operatorId c30!; operatorName c50!; officeId c30!; officeName c100!"
    },
    "2001": {
        "data": "psn_no c30!; insutype c6!; fixmedins_code c12!; med_type c6!; begntime t!; endtime t; dise_codg c30; "
        "dise_name c500"
    },
    "2201": {
        "data": f"psn_no c30!; insutype c6!; begntime t!; {_CERT}; ipt_otp_no c30!; atddr_no c30!; dr_name c50!; "
        f"dept_code c30!; dept_name c100!; caty c10!; {_WHO}"
    },
    "2202": {"data": f"{_VISIT}; ipt_otp_no c30!"},
    "2203": {
        "mdtrtinfo": f"{_VISIT}; med_type c6!; begntime t!; main_cond_dscr c1000; dise_codg c30; dise_name c500; "
        "birctrl_type c6; birctrl_matn_date d; expContent c40000",
        "[diseinfo]?": "diag_type c3!; diag_srt_no n2,0!; diag_code c20!; diag_name c100!; diag_dept c50!; "
        "dise_dor_no c30!; dise_dor_name c50!; diag_time t!; vali_flag c3!",
    },
    "2204": {
        "[feedetail]": f"feedetl_sn c30!; {_VISIT}; chrg_bchno c30!; dise_codg c30; rxno c30; rx_circ_flag c3!; "
        "fee_ocur_time t!; med_list_codg c50!; medins_list_codg c150!; det_item_fee_sumamt n16,2!; cnt n16,4!; "
        "pric n16,6!; sin_dos_dscr c200; used_frqu_dscr c200; medc_way_dscr c200; prd_days n4,2; "
        "bilg_dept_codg c30!; bilg_dept_name c100!; bilg_dr_codg c30!; bilg_dr_name c50!; hosp_appr_flag c3!; "
        "tcmdrug_used_way c6; etip_flag c3; etip_hosp_code c30; dscg_tkdrug_flag c3; matn_fee_flag c6; "
        "expContent c4000"
    },
    "2205": {"data": f"{_VISIT}; chrg_bchno c30!"},
    "2206": {"data": _SETTLING},
    "2207": {
        "data": f"{_SETTLING}; {_SPLIT}; invono c20",
        "[drug_trac_info]?": "feedetl_sn c30!; drug_trac_codg c30!; trdn_flag c3!; min_prcunt_type c3!",
    },
    "2208": {"data": f"{_VISIT}; setl_id c30!"},
    "2601": {"data": "psn_no c30!; omsgid c30!; oinfno c6!"},
    "2505": {
        "data": f"{_FIX}; tel c50; addr c200; begndate d!; enddate d; fix_srt_no c3; fixmedins_code c12!; "
        "fixmedins_name c200!; memo c500"
    },
    "2506": {"data": "psn_no c30!; trt_dcla_detl_sn c30!; memo c500!"},
    "3201": {
        "data": f"insutype c6!; clr_type c6!; setl_optins c6!; {_STATED}; acct_pay n16,2!; "
        "fixmedins_setl_cnt n10,0!; refd_setl_flag c6"
    },
    "3202": {
        "data": f"setl_optins c6!; file_qury_no c200!; {_STATED}; cash_payamt n16,2!; fixmedins_setl_cnt n10,0!; "
        "clr_type c6; refd_setl_flag c6"
    },
    "3301": {
        "[data]": "fixmedins_hilist_id c150!; fixmedins_hilist_name c200!; list_type c3!; med_list_codg c50!; "
        "begndate d!; enddate d!; aprvno c100; dosform c200; exct_cont c2000; item_cont c2000; prcunt c100; spec c200; "
        "pacspec c200; memo c500"
    },
    "5201": {"data": "psn_no c30!; begntime t!; endtime t!; med_type c6!; mdtrt_id c30"},
    "5203": {"data": f"{_VISIT}; setl_id c30!"},
    "5204": {"data": f"{_VISIT}; setl_id c30"},
    "5206": {"data": "psn_no c30!; cum_ym c6"},
    "5302": {"data": _FIX},
    **dict.fromkeys(("1301", "1302", "1305", "1306", "1390"), _VERSION),
    **dict.fromkeys(("1312", "1318", "1319"), _PAGE),
    "9101": {"fsUploadIn": "in b400000!; filename c200!; fixmedins_code c30!"},
    "9102": {"fsDownloadIn": "file_qury_no c200!; filename c200!; fixmedins_code c30!"},
}

OUTPUTS: dict[str, dict[str, str]] = {
    "9001": {"signinoutb": "sign_no c30!"},
    "1101": {"baseinfo": "psn_no c30!"},
    "2001": {"[trtinfo]?": "trt_enjymnt_flag c3!"},
    "2201": {"data": "mdtrt_id c30!; ipt_otp_no c30!"},
    "2204": {
        "[result]?": "fulamt_ownpay_amt n16,2; overlmt_amt n16,2; preselfpay_amt n16,2; inscp_scp_amt n16,2",
    },
    "2207": {"setlinfo": _SETTLED},
    "2208": {"setlinfo": "mdtrt_id c30!; setl_id c30!; medfee_sumamt n16,2!"},
    "2505": {"result": "trt_dcla_detl_sn c30!"},
    "3201": {"stmtinfo": "stmt_rslt c6!"},
    "3202": {"fileinfo": "file_qury_no c200!; filename c200"},
    "5203": {"setlinfo?": "setl_id c30!; medfee_sumamt n16,2!"},
    "9101": {"": "file_qury_no c200!"},
    **dict.fromkeys(("1301", "1302", "1305", "1306", "1390"), _FILE),
    **dict.fromkeys(("1312", "1318", "1319"), _PAGES),
}
"""Fields that a decision depends on, which must be present and readable; the rest of an answer is only stored.

A node with a question mark may be missing or empty: then there is nothing of what was asked after.
"""
