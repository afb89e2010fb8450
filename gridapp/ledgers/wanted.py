"""What other offices' tables ask for that today's records can answer: a term per field or worked-out value, with the headings that mean it.

Beside the vocabulary ledgers are read by: a wrong guess there is seen in the preview, here it would stand in somebody else's table. So nothing
is taken for near enough; what the lists lack stays blank and is told. Wordings: domain.md section 2, and the forms offices send round.
"""
from __future__ import annotations

from functools import cache

from gridapp.ledgers.vocabulary import KINDS as READ
from gridapp.ledgers.vocabulary import Term, vocabulary
from gridapp.rules import codes

TITLES = {
    "resident": "居民", "household": "住户", "party": "党员", "visit": "走访", "request": "服务事项", "service": "重点服务对象", "building": "楼栋",
    "visitor": "走访人", "matter": "事项类别",
}  # fmt: skip
TITLE_WORDS = {
    "party": "党员(?!户|示范)|流动党|党费|支部",
    "service": "重点服务|服务对象|重点(人群|群体|关爱|对象)|特殊(困难|群体|人群)|困难(群众|老人|家庭|居民)|独居|空巢|失能|留守|低保|特困|残疾|优抚|关爱(对象|老人)|探访关爱",
    "visitor": "走访(工作)?(统计|汇总|完成)|(网格员|党员|干部).{0,4}走访.{0,6}(统计|汇总)",
    "matter": "(事项|诉求|问题|工单).{0,6}(统计|汇总|分类)",
    "visit": "走访|民情(?!况)|入户|家访|探访|日志|日记",
    "request": "诉求|事项|工单|接诉|办件|问题清单|台账.*办理",
    "building": "楼栋|楼宇|楼幢",
    "household": "住户|一户一档|户情|家庭(情况|信息|档案)|户籍?信息|分户",
    "resident": "居民|花名册|户籍|人口|人员(信息|名册|名单)|常住",
}
PLACE = {
    "address": (
        "住址 地址 家庭住址 家庭地址 现居住地 现住址 居住地址 现住地址 现居住地址 居住地 通讯地址 详细地址 联系地址 房屋地址 镇村组 村组 村组地址 所属村组 "
        "住所 家庭详细地址 家庭详细住址 实际居住地 实际居住地址 实际住址 所住地址 居住详细地址 现住详细地址 详细住址 现家庭住址 常住地址 现常住地址 现居地 "
        "现居地址 现住地 住房地址 家庭居住地址 居住住址 房屋坐落 房屋坐落地址 门牌地址 居住地点 现住所 住户地址 送达地址 通信地址 住家地址 "
        "现居住详细地址 具体住址 具体地址 家庭现住址 家庭现居住地 家庭所在地 居家地址 居住位置 住处 居民住址 党员住址 所在位置 走访地址 被走访户地址"
    ),
    "door": (
        "楼栋房号 楼栋门牌 楼栋门牌号 楼栋单元房号 楼栋单元室 楼门号 楼栋/单元/房号 楼栋-单元-房号 楼栋/单元/室 楼号-单元-房号 楼-单元-室 楼号房号 楼室号 房屋编号 "
        "楼栋单元门牌 楼栋单元门牌号 楼号单元房号 楼号/单元/房号 楼号单元门牌号 门栋号 楼栋户号 几栋几室 栋-单元-室 栋/单元/室 楼栋室号 楼栋及房号 楼栋及门牌号 "
        "所住楼栋房号 所住楼栋 居住楼栋房号 楼/单元/室 楼单元室 单元楼号 具体门牌 门牌号及楼栋"
    ),
    "building": "楼栋 楼号 栋号 楼栋号 幢号 楼幢 楼幢号 楼栋名称 所在楼栋 居住楼栋 所属楼栋 楼宇 楼宇名称 幢 栋 楼 号楼 栋数号 楼座 楼栋编号 几号楼 所在楼号",
    "unit": "单元 单元号 所在单元 单元名称 单元门 门栋 所属单元 几单元 梯号",
    "unit_room": "单元房号 单元室号 单元门牌 单元门牌号 单元/房号 单元-房号 单元/室 单元-室 单元室",
    "room": "房号 室号 房间号 门牌号 门牌 室 房屋号 户室号 房间 住房号 门号 房室号 现住详细门牌 详细门牌 门牌号码 房号(室) 户门号 房 户室 住宅号",
    "estate": "小区 小区名称 所在小区 居住小区 所属小区 现住小区 小区(院落) 院落 住宅小区 小区/院落",
}
WHERE = {
    "grid": (
        "所在网格 归属网格 所属网格 网格 网格名称 网格编号及名称 网格号 所辖网格 管理网格 所在网格名称 所属网格名称 属地网格 隶属网格"
    ),
}
BRANCH = {
    "org": (
        "所在党支部 所属党组织名称 所属党组织 隶属党组织 党支部 支部 所在支部 所属支部 所属党支部 党支部名称 支部名称 所在党组织 所在党组织名称 党组织名称 党组织 隶属支部 "
        "隶属党支部 组织关系所在党支部 组织关系所在支部 组织关系所在党组织 组织关系所在地 网格党支部 所在网格党支部 所在党支部名称 所属党支部名称 组织隶属"
    ),
}
TOUCH = {
    "id_no": (
        "身份证号 身份证号码 公民身份号码 公民身份证号码 公民身份证号 居民身份证号码 居民身份证号 身份证 身份证件号码 证件号码 证件号 身份号码 有效身份证件号码 "
        "二代身份证号 二代身份证号码 有效证件号码 身份证编号 身份证件号 本人身份证号 本人身份证号码 居民身份证"
    ),
    "phone": (
        "联系电话 电话 手机 手机号 手机号码 联系方式 联系手机 移动电话 本人电话 本人联系电话 本人手机 本人手机号 本人手机号码 电话号码 联系电话号码 手机电话 常用电话 "
        "移动电话号码 联系号码 有效联系方式 有效联系电话 本人联系方式 联络电话 联络方式 通讯方式 通讯电话 联系手机号 联系手机号码 常用手机号 常用联系电话 "
        "手机(电话) 电话(手机) 联系方式(手机) 居民电话 居民联系电话 党员联系电话 党员手机号 党员电话 手机/电话 电话/手机"
    ),
}
HEAD = {
    "household_head": "户主姓名 户主 户主名 户主名字 家庭户主 所属户主 本户户主 户主(姓名) 户主或联系人 所属户主姓名 家庭户主姓名 住户户主 房屋户主",
    "head_phone": "户主电话 户主联系电话 户主手机 户主手机号 户主手机号码 户主联系方式 户主电话号码",
    "household_size": (
        "家庭人口 家庭人口数 户内人数 家庭成员数 常住人数 常住人口 常住人口数 人口数 家庭人数 户内人口 户内人口数 居住人数 实际居住人数 在住人数 现居住人数 家庭总人口 "
        "家庭总人数 户人口数 居住人口 住户人数 实住人数 家庭常住人口 家庭常住人数 家庭人口总数 家庭成员人数 本户人数 本户人口 本户人口数 同住人数 共同居住人数 家庭成员数量 户人数"
    ),
    "dwelling": (
        "居住性质 居住性质(自住/租住/空置) 居住类型 房屋性质 居住情况 住房性质 房屋使用性质 房屋用途 房屋状态 房屋使用情况 房屋使用状况 居住状况 住房使用情况 居住状态 "
        "居住形式 房屋居住性质 自住/出租 自住/租住 自住或租住 房屋现状 住房类别 入住情况 房屋居住情况"
    ),
}
PERSON = {
    "name": "姓名 名字 姓名(全名) 本人姓名 公民姓名 人员姓名 人名 姓名(本人) 居民姓名 成员姓名 家庭成员姓名 户内成员姓名 住户姓名 群众姓名 常住人口姓名",
    "sex": "性别 性别(男/女) 男/女 男或女 性别(男女)",
    "birth": "出生日期 出生年月 出生年月日 出生时间 生日 出生 出生年份 出生年 出生日 出生年度 公历生日 出生日期(公历)",
    "age": "年龄 周岁 年龄(周岁) 年龄(岁) 实足年龄 现年龄 岁数 年纪 周岁年龄 实际年龄",
    "notes": "备注 说明 备注说明 其他说明 备注信息 备注栏 备注事项 补充说明 情况备注 其他备注",
    "serial": "序号 编号 序 号 No No. 行号 顺序号 顺序 次序 排序 序列 项次 流水号 序次",
}
CARE = {
    "last_visit": (
        "上次走访 最近走访 上次走访日期 上次走访时间 最近走访日期 最近走访时间 最近一次走访 最近一次走访日期 最近一次走访时间 末次走访 末次走访日期 末次走访时间 "
        "最近入户时间 最近入户日期 上次入户时间 上次入户日期 最近探访 最近探访时间 最近探访日期 最近一次探访时间 最近一次入户时间 上次探访时间 上次探访日期 最后走访时间 最后走访日期"
    ),
    "next_visit": (
        "下次应访 下次应访日期 下次应访时间 下次走访 下次走访日期 下次走访时间 下次走访计划 计划走访日期 计划走访时间 应访日期 下次探访时间 下次探访日期 下次入户时间 "
        "下次计划走访时间 拟走访日期 应走访日期 下一次走访时间 下次应走访日期"
    ),
    "frequency": "走访频次 探访频次 走访频率 探访频率 服务频次 联系频次 走访周期 探访周期 入户频次 走访要求 联系频率 应访频次",
    "visits": (
        "走访次数 走访总次数 本年走访次数 今年走访次数 本年度走访次数 全年走访次数 累计走访次数 走访户次 入户次数 全年走访 走访合计 本年走访 年度走访次数 本期走访次数 "
        "累计走访 走访总户次 探访次数 走访户次合计 走访次数合计 累计入户次数 上门次数"
    ),
    "requests": (
        "诉求件数 服务事项数 事项件数 反映问题数 诉求数 事项数 受理件数 受理数 受理数量 受理总数 办件数 服务事项件数 登记件数 受理总件数 收集问题数 诉求数量 受理"
    ),
    "service_category": (
        "服务类别 服务对象类别 重点服务类别 帮扶类别 困难类别 困难类型 特殊群体类别 特殊人群类别 对象类别 服务对象类型 关爱类别 享受服务类别 群体类别 困难群体类别 "
        "特殊困难类型 特困类型 所属服务类别 重点对象类别 重点人群类别 重点人群类型 特殊困难类别 关爱对象类别 服务人群类别"
    ),
}
MEMBER = {
    "name": "姓名 党员姓名 党员 党员名字 党员名单",
    "nation": "民族 民族(全称) 族别 所属民族",
    "education": "学历 文化程度 最高学历 受教育程度 教育程度 学历层次 文化水平 学历(文化程度) 现有学历 最高学历(学位)",
    "degree": "学位 最高学位 所获学位 学位名称",
    "member_type": (
        "人员类别 党员类别 党员类型 正式/预备党员 正式/预备 正式或预备 党员身份 身份类型 党员性质 党员身份类别 正式(预备)党员 正式、预备 正式党员/预备党员 党员分类 "
        "是否正式/预备 党员类别(正式/预备) 预备/正式 党员种类"
    ),
    "party_group": "党小组 所在党小组 所属党小组 所在小组 党小组名称 所属小组 楼栋党小组 小组 党小组别 所在党小组名称 所属党小组名称 编入党小组",
    "party_post": (
        "党内职务 支部职务 党内任职 党内职务名称 党支部职务 支部任职 担任党内职务 现任党内职务 支部内职务 任党内职务情况 党内职务情况 支委职务 党务职务 党内现任职务"
    ),
    "join_date": (
        "入党日期 入党时间 入党年月 入党年月日 加入党组织日期 加入党组织时间 加入中国共产党日期 加入中国共产党时间 何时入党 接收预备党员日期 接收预备党员时间 "
        "接收为预备党员日期 接收为预备党员时间 成为预备党员日期 成为预备党员时间 发展为预备党员时间 入党时间(接收预备党员日期) 入党时间接收预备党员日期 加入时间 "
        "吸收为预备党员时间 入党(预备)时间 列为预备党员时间 支部大会接收日期 入党年份 预备党员时间 何时加入党组织 何年何月入党"
    ),
    "regular_date": (
        "转正日期 转正时间 转正年月 转正年月日 转为正式党员日期 转为正式党员时间 成为正式党员日期 成为正式党员时间 正式转正日期 正式党员时间 转正式党员时间 "
        "转正式党员日期 预备党员转正时间 预备党员转正日期 批准转正时间 批准转正日期 转正通过时间 何时转正"
    ),
    "party_age": "党龄 党龄(年) 入党年限 党龄年限 党龄/年 在党年限 党龄年数",
    "party_age_months": "党龄校正值 党龄校正值(月) 党龄调整值",
    "post": (
        "工作岗位 岗位 工作单位及职务 单位及职务 现工作岗位 从事岗位 工作单位职务 单位职务 工作单位及岗位 现工作单位及职务 工作单位和职务 工作单位/职务 单位及岗位 所在单位及职务"
    ),
    "occupation": "职业 职业类别 职业统计类 从事职业 职业分类 职业身份",
    "home_address": "户籍所在地 户籍地址 户籍地 户口所在地 户籍详细地址 户口地址 户籍所在地址 户籍住址 户口所在地址 户籍登记地址",
    "party_status": "党籍状态 党籍情况 党籍 党籍现状",
    "join_type": "入党类型 入党方式 加入党组织类型 入党类别",
    "join_org": "入党时所在支部 入党时所在党支部 入党所在支部 入党时所在党组织 入党支部 入党时支部 入党所在党支部",
    "is_flow": "是否流动 是否流动党员 流动党员 是否为流动党员 是否属流动党员 是否属于流动党员 流动情况 是否外出流动",
    "flow_to": "外出流向 流向 流动去向 去向 外出地点 流出(入)地 外出去向 流出地 流动地点 外出地 流出地点 流动流向",
    "is_lost": "是否失联 是否失联党员 失联党员 是否失去联系 是否为失联党员",
    "lost_on": "失去联系日期 失去联系时间 失联时间 失联日期",
    "has_checked_in": "是否双报到 是否在职报到 在职报到 是否到社区报到 是否双报到党员 是否在职党员报到 是否报到 双报到",
    "skills": "特长 个人特长 专长 特长爱好 爱好特长 个人专长 特长(爱好) 兴趣特长 擅长领域 个人特长爱好 技能特长",
    "political": "政治面貌 政治面目 政治身份",
    "probation_end": "预备期满 预备期满日期 预备期满时间 预备期届满时间 预备期届满日期 预备期截止日期 预备期到期日",
    "political_birthday": "政治生日 政治生日日期 党员政治生日",
    "phone": "党员手机号码 党员联系方式 党员手机",
}
VISIT = {
    "visit_date": (
        "走访日期 走访时间 日期 时间 入户时间 入户日期 走访年月日 家访时间 家访日期 探访时间 探访日期 访问日期 访问时间 走访月日 上门时间 上门日期 走访(入户)时间 慰问时间"
    ),
    "visitors": (
        "走访人 走访人员 入户人员 走访干部 走访人姓名 走访人员姓名 走访党员 访问人 探访人 网格员 入户人 走访者 走访干部姓名 家访人 家访人员 探访人员 走访网格员 走访责任人 "
        "走访(入户)人员 走访党员姓名 参与走访人员 入户走访人 上门人员"
    ),
    "name": (
        "受访人 受访者 走访对象 被走访人 受访人姓名 受访对象 被访人 被访者 走访对象姓名 受访者姓名 走访户姓名 群众姓名 姓名 居民姓名 被走访人姓名 接访人 受访居民 "
        "被访人姓名 被走访对象 受访群众 走访居民 受访对象姓名 探访对象 住户姓名 被探访人 走访户主 受访户主 走访户户主 被走访户主"
    ),
    "manner": "方式 走访方式 走访形式 走访方法 入户方式 探访方式 联系方式(入户/电话) 访问方式 家访方式",
    "at_home": "是否在家 在家 在家情况 是否在家(是/否) 是否有人在家",
    "content": (
        "交谈要点 走访内容 走访情况 走访纪要 内容 民情记录 走访记录 谈话内容 交谈内容 走访情况记录 主要内容 走访主要内容 了解情况 走访谈话内容 走访了解情况 走访工作内容 "
        "了解的情况 走访情况摘要 民情日记 走访日志 交流内容 走访详情 谈话要点"
    ),
    "problem": (
        "反映问题及意见 存在问题及诉求 意见建议 需求简述 群众诉求 问题 反映问题 群众意见建议 反映的问题 群众反映问题 问题及建议 存在问题 诉求 主要诉求 问题诉求 收集问题 "
        "困难诉求 意见和建议 意见及建议 群众反映的问题 反映问题及建议 问题及诉求 收集意见建议 群众反映问题及诉求 居民诉求 反映情况 困难和诉求 困难及诉求 需求 收集到的问题 "
        "发现问题 发现的问题 存在的问题 群众意见 群众意见及建议 反映主要问题"
    ),
    "result": (
        "处理措施 处理情况 解决方案 处理结果 处理描述 进展 解决措施 处置措施 办理情况 处理意见 处置情况 解决办法 处理办法 采取措施 问题处理情况 问题处理 处理方式 应对措施 解决情况"
    ),
    "outcome": "反馈结果 反馈情况 结果反馈 群众反馈 回访结果 反馈意见 处理反馈 群众反馈情况",
    "done": "当场解决 是否办结 是否解决 办结 是否当场解决 是否现场解决 现场解决 问题是否解决",
    "next_visit": "下次回访 回访日期 回访时间 下次走访 下次应访 下次走访时间 下次走访日期 下次回访日期 下次回访时间 计划回访日期",
    "topic": "类型 走访类型 类型标签 走访类别 走访事由 走访主题 走访目的",
    "request_no": "转办编号 事项编号 转办事项编号 工单编号 对应事项编号 转办单号",
    "place": "地点 走访地点 走访场所 访问地点",
}
REQUEST = {
    "address": "事件地址 事发地点 发生地点 发生地 事件地点 诉求地址 事项地址 反映人地址 诉求人住址 诉求人地址 提出人住址 联系人地址",
    "req_no": "编号 工单号 事项编号 受理编号 诉求编号 受理号 单号 工单编号 登记编号 登记号 流水编号 受理单号 问题编号 案件编号 事件编号",
    "name": "提出人 诉求人 反映人 联系人 姓名 居民姓名 诉求人姓名 反映人姓名 来访人 申请人 求助人 诉求居民 提出人姓名 当事人 诉求群众 群众姓名 来电人 反映群众 联系人姓名 求助人姓名 来访人姓名",
    "phone": "诉求人电话 反映人电话 联系人电话 提出人电话 诉求人联系电话 反映人联系方式 反映人联系电话 联系人联系方式 诉求人联系方式 来电号码 提出人联系电话 求助人电话",
    "source": "来源 事项来源 诉求来源 问题来源 受理渠道 诉求渠道 来源渠道 受理方式 反映渠道 受理来源 信息来源",
    "request_type": "类型 事项类型 诉求类型 问题类型 诉求性质 事件类型 服务类型",
    "category": "领域 类别 事项类别 问题类别 诉求类别 事项领域 问题领域 服务领域 诉求领域 事项分类 问题分类 诉求分类 所属领域",
    "content": (
        "内容 诉求内容 事项内容 反映内容 事件名称 主要内容 诉求事项 反映事项 问题描述 诉求描述 事项描述 服务事项 服务内容 事项名称 反映问题 反映的问题 群众诉求 问题内容 "
        "具体内容 诉求主要内容 事项简述 事件描述 诉求问题 反映问题内容 受理内容 事项主要内容 具体诉求 事件简述 具体问题 主要诉求 问题及诉求"
    ),
    "req_date": (
        "受理日期 受理时间 登记日期 登记时间 受理 诉求日期 诉求时间 发生时间 反映时间 反映日期 接收时间 接件时间 接诉时间 接诉日期 收到日期 提出时间 提出日期 接收日期 来访时间 "
        "来电时间 日期 时间 接件日期 收件日期"
    ),
    "due_date": "办理时限 办结期限 处理时限 时限 办结时限 办理期限 截止日期 截止时间 要求办结时间 要求完成时间 应办结日期 限办日期 承诺办结时间 处置时限 完成时限 要求办结日期 限时办结日期 应办结时间",
    "handler": (
        "承办人/单位 承办人 承办单位 责任单位 处置人 办理单位 承办人(单位) 办理人 责任人 责任人/单位 办理人员 承办部门 责任部门 处理人 处理单位 承办单位/人 经办人 "
        "责任单位/责任人 责任单位(人) 承办责任人 办理部门 处置单位 承办单位(人)"
    ),
    "receiver": "受理人 登记人 流转人 受理人员 接待人 接件人 记录人 接诉人 登记人员 接访人 受理人姓名",
    "urgency": "缓急 紧急程度 缓急程度 紧急情况 轻重缓急",
    "result": (
        "办理情况 处理情况 处置意见 办理结果 结果 处理结果 处置情况 办理情况说明 办理进展 办结情况 解决情况 处理意见 处置结果 落实情况 办理过程 处理措施 处理情况说明 办理反馈"
    ),
    "done_date": (
        "办结日期 办结时间 完成日期 完成时间 处理时间 处置时间 办理完成时间 办结年月日 实际办结时间 实际办结日期 办理日期 处理日期 解决时间 解决日期 实际完成时间 结案日期 结案时间 办毕时间"
    ),
    "status": "办理状态 状态 处置状态 处理状态 办理进度 事项状态 当前状态 进度 目前状态 完成状态 办理阶段 办结状态",
    "satisfaction": "满意度 满意情况 回访满意度 是否满意 群众满意度 满意程度 评价 群众评价 满意度评价 居民满意度 回访评价 诉求人满意度",
    "follow_up": "回访方式 回访情况 回访 回访形式",
    "follow_up_on": "回访日期 回访时间 回访年月日",
    "days": "办理天数 用时 历时 用时(天) 办理用时 办理时长 办理时长(天) 办结用时",
    "is_late": "是否超期 是否逾期 超期 是否按期(否为超期) 是否超时 有无超期",
    "is_done": "是否办结 是否完成 是否解决 办结 是否已办结 是否完结",
}
SERVICE = {
    "name": "姓名 老人姓名 对象姓名 服务对象 服务对象姓名 帮扶对象 帮扶对象姓名 居民姓名 关爱对象 关爱对象姓名 人员姓名 困难群众姓名 本人姓名 探访对象 重点对象 被帮扶人 被帮扶人姓名 困难居民姓名",
    "service_category": "类别 人员类别 人员类型 对象类型 身份类别 所属类别 特殊类型 类型 老人类型 困难情况类别 群体类型",
    "basis": "依据 认定依据 纳入依据 信息来源 认定方式",
    "help_needed": (
        "需要的帮助 当前需求 需求 服务需求 帮扶需求 主要困难 困难及诉求 主要需求 现实需求 需求情况 困难需求 困难和需求 困难及需求 目前需求 所需帮助 主要困难和需求 "
        "存在困难 困难情况 困难诉求 主要困难及需求 需求内容 具体需求 生活需求 服务需求内容 存在的困难"
    ),
    "help_given": (
        "已提供帮助 已提供服务 帮扶措施 帮扶情况 帮助情况 服务情况 帮扶记录 服务内容 已采取措施 帮扶内容 落实情况 已帮扶情况 关爱措施 服务措施 提供服务 已提供的帮助 已提供的服务 "
        "帮扶落实情况 关爱服务情况 已开展服务"
    ),
    "member": (
        "结对党员 结对人 结对帮扶人 包联党员 联系党员 帮扶责任人 帮扶人 帮扶党员 结对帮扶党员 结对党员姓名 帮扶人姓名 帮扶责任人姓名 包联人 包保党员 包联党员姓名 结对帮扶责任人 "
        "联系帮扶党员 责任党员 结对志愿者 结对帮扶党员姓名 联系人(党员) 结对人员"
    ),
    "from_date": "开始日期 纳入时间 认定时间 列入时间 起始日期 认定日期 纳入日期 登记时间 登记日期 开始时间 建档时间 建档日期",
    "to_date": "结束日期 退出时间 截止日期 终止日期 退出日期",
    "review_on": "复核日期 到期复核日 复核时间 复核日 下次复核 下次复核日期 到期复核日期 复核到期日 年度复核日期",
}
KIN = {
    "emergency_contact": (
        "紧急联系人 紧急联系人姓名 应急联系人 家属 联系人(家属) 家属姓名 应急联系人姓名 家属联系人 亲属联系人 联系家属 紧急联络人 联系人(亲属) 家属(紧急联系人)"
    ),
    "emergency_phone": (
        "紧急联系电话 紧急联系人电话 紧急联系人联系电话 紧急联系人联系方式 应急联系电话 应急电话 家属电话 家属联系电话 家属联系方式 紧急电话 紧急联系人手机 "
        "紧急联系人手机号 紧急联系人手机号码 应急联系人电话 紧急联系方式 紧急联络电话 亲属电话 家属手机"
    ),
}
OF_RESIDENT = {
    "relation": (
        "与户主关系 与户主的关系 与户主间关系 与户主之间关系 关系 家庭关系 与其他人员关系 户主关系 户内关系 家庭成员关系 与本户户主关系 与户主 与本户关系 成员关系 与户主之关系 "
        "同户主关系 与户主人关系 称谓 家庭称谓"
    ),
    "is_head": "是否户主 是否为户主 户主标识",
    "status": "状态 人员状态 在册状态 居民状态 人员现状",
}
OF_HOUSEHOLD = {
    "household_head": "主要联系人 联系人 户主/联系人 户主(联系人) 住户姓名 户代表 联系人姓名 主要联系人姓名 家庭联系人 住户联系人 户主/主要联系人",
    "phone": "户主电话 户主联系电话 户主手机 户主手机号 户主手机号码 户主联系方式 联系人电话 家庭电话 住户电话 联系人联系方式 联系人手机 家庭联系电话 联系人联系电话 住户联系电话",
    "household_size": "人数 人口 人口(人) 人数(人) 常住人口(人)",
    "owner": "房主 房主姓名 业主 业主姓名 产权人 房屋产权人 产权人姓名 房屋业主",
    "owner_phone": "房主电话 业主电话 房主联系电话 业主联系电话 房主联系方式 业主联系方式 产权人电话",
    "is_model": "党员示范户 是否党员示范户 示范户 是否示范户",
    "has_member": "党员户 是否党员户 有无党员 是否有党员 是否党员家庭 是否为党员户",
    "party_count": "党员数 党员人数 家庭党员数 户内党员数 家庭党员人数 户内党员人数",
    "visit_level": "服务等级 走访等级 走访级别 服务级别 走访类别",
    "members": "家庭成员 家庭成员姓名 家庭成员情况 户内人员 户内成员 常住人员 家庭成员名单 共同居住人员 同住人员 家庭主要成员",
}
OF_BUILDING = {
    "unit_count": "单元数 单元数量 单元个数 单元总数",
    "floor_count": "层数 楼层数 总层数 楼层 楼层总数",
    "head": "楼栋长 楼长 楼栋长姓名 楼栋负责人 楼长姓名 楼栋管家 楼栋联络员",
    "party_group": "党小组 所属党小组 楼栋党小组 所在党小组",
    "homes": "户数 总户数 住户数 户数(户) 住户总数 楼栋户数 居民户数 家庭户数 登记户数 总户数(户)",
    "people": "人数 人口数 居民人数 居民数 总人数 总人口 人口总数 常住人口 常住人口数 人口(人) 人数(人) 常住人数 居住人数 人口 总人口数",
    "party_count": "党员数 党员人数 党员总数 党员数量 党员数(人) 党员人数(人)",
    "owned": "自住户数 自住户 自住",
    "rented": "租住户数 出租户数 租住户 出租户 租赁户数 租住 出租",
    "vacant": "空置户数 空置户 空置 空房户数 空置房数 空房",
    "needs": "重点服务对象数 服务对象数 重点对象数 重点人数 服务对象人数 重点服务对象人数",
}
OF_VISITOR = {
    "name": "走访人 走访人员 姓名 网格员 走访干部 走访人姓名 党员姓名 走访党员 网格员姓名 走访人员姓名 入户人员 干部姓名 责任人",
    "homes": "走访户数 户数 去重户数 走访覆盖户数 走访家庭数 走访户数(户) 实际走访户数 覆盖户数",
    "problems": "发现问题数 收集问题数 反映问题数 收集诉求数 问题数 发现需求数 收集意见建议数 问题件数 收集问题(件)",
}
OF_MATTER = {
    "category": "类别 事项类别 诉求类别 问题类别 领域 事项领域 问题领域 类型 分类 事项分类 问题分类 诉求分类",
    "closed": "办结 办结数 办结件数 已办结 已办结数 办结数量 办结总数 完成数",
    "open": "在办 在办数 未办结 未办结数 在办件数 办理中 未办结件数",
    "late": "超期 超期数 超期件数 逾期 逾期数",
}
SORTS = {
    "number": (
        "age party_age household_size visits requests party_count unit_count floor_count homes people owned rented vacant needs problems closed open late days "
        "party_age_months"
    ),
    "date": (
        "birth join_date regular_date visit_date req_date due_date done_date last_visit next_visit from_date to_date review_on lost_on follow_up_on "
        "probation_end"
    ),
    "yes_no": "is_head is_model has_member is_flow is_lost has_checked_in at_home done is_late is_done",
    "phone": "phone head_phone emergency_phone owner_phone",
    "id": "id_no",
    "sex": "sex",
}
SORT_OF = {name: sort for sort, names in SORTS.items() for name in names.split()}
Said = dict[str, str]
ASKED: dict[str, tuple[Said, ...]] = {
    "resident": (PERSON, OF_RESIDENT, KIN, TOUCH, HEAD, PLACE, WHERE, CARE),
    "household": (OF_HOUSEHOLD, HEAD, TOUCH, PLACE, WHERE, CARE, {each: PERSON[each] for each in ("notes", "serial")}),
    "party": (MEMBER, PERSON, TOUCH, PLACE, BRANCH, WHERE),
    "visit": (VISIT, {each: PERSON[each] for each in ("notes", "serial")}, HEAD, {"phone": TOUCH["phone"]}, PLACE, WHERE),
    "request": (REQUEST, {each: PERSON[each] for each in ("notes", "serial")}, {"phone": TOUCH["phone"]}, PLACE, WHERE),
    "service": (SERVICE, PERSON, OF_RESIDENT, KIN, TOUCH, HEAD, PLACE, WHERE, CARE),
    "building": (OF_BUILDING, {each: PLACE[each] for each in ("building", "estate")}, {each: PERSON[each] for each in ("notes", "serial")}, CARE, WHERE),
    "visitor": (OF_VISITOR, {each: CARE[each] for each in ("visits",)}, {each: PERSON[each] for each in ("notes", "serial")}, WHERE),
    "matter": (OF_MATTER, {"requests": CARE["requests"]}, {each: PERSON[each] for each in ("notes", "serial")}, WHERE),
}
# What must be there before rows of this kind are written at all: one name of each set.
NEEDED: dict[str, tuple[set[str], ...]] = {
    "resident": ({"name", "household_head"},),
    "party": ({"name"},),
    "visit": ({"visit_date", "visitors", "content"}, {"visit_date", "content", "problem", "manner"}),
    "request": ({"content", "req_no"}, {"req_date", "handler", "status", "done_date", "receiver", "source", "category", "request_type", "due_date"}),
    "service": ({"name"}, {"service_category", "help_needed", "help_given", "member", "frequency", "emergency_contact", "address", "door", "phone"}),
    "household": ({"room", "address", "door", "unit_room", "household_head"},),
    "building": ({"building"}, {"homes", "people", "unit_count", "floor_count", "head"}),
    "visitor": ({"name"}, {"visits", "homes", "problems"}),
    "matter": ({"category"}, {"requests", "closed", "open"}),
}
# Columns by which one kind is known from another; each counts once more.
TELLING: dict[str, set[str]] = {
    "party": {"join_date", "regular_date", "member_type", "party_post", "party_group", "party_age", "party_status", "is_flow", "org"},
    "visit": {"visit_date", "visitors", "content", "manner", "problem"},
    "request": {"req_no", "content", "req_date", "handler", "status", "done_date", "due_date", "receiver", "request_type"},
    "household": {"dwelling", "room", "is_model", "household_size", "has_member", "members"},
    "resident": {"name", "id_no", "relation", "sex", "birth"},
    "service": {"help_needed", "help_given", "member", "review_on", "frequency"},
    "building": {"homes", "people", "unit_count", "floor_count", "vacant"},
    "visitor": {"homes", "problems", "visits"},
    "matter": {"closed", "open", "requests"},
}


@cache
def asked(kind: str) -> tuple[Term, ...]:
    """The terms a row of a kind can answer, one per name."""
    merged: dict[str, list[str]] = {}
    for said in ASKED[kind]:
        for name, aliases in said.items():
            merged.setdefault(name, []).extend(aliases.split())
    labels = {term.name: term for term in vocabulary(kind)} if kind in READ else {}
    named = {name: ([labels[name].label] if name in labels else []) + aliases for name, aliases in merged.items()}
    return tuple(Term(name, tuple(dict.fromkeys(aliases)), _sort(name, labels.get(name))) for name, aliases in named.items())


def _sort(name: str, read: Term | None) -> str:
    return SORT_OF.get(name) or (read.sort if read else "text")


@cache
def blocked(kind: str) -> dict[str, str]:
    """Headings ledgers have and these rows cannot answer: alias -> name. They are known, so that nothing else is taken for them."""
    answered = {term.name for term in asked(kind)}
    return {alias: term.name for term in (vocabulary(kind) if kind in READ else ()) if term.name not in answered for alias in term.aliases}


@cache
def headings() -> frozenset[str]:
    """Every heading of every list, so that the search for a table's header knows them."""
    months = (f"{at}月{more}" for at in range(1, 13) for more in ("", "份"))
    quarters = (f"{at}季度" for at in ("一", "二", "三", "四", "第一", "第二", "第三", "第四"))
    return frozenset(alias for kind in ASKED for term in asked(kind) for alias in term.aliases if len(alias) > 1) | {*months, *quarters}


def category_of(text: str) -> str:
    """The service category a heading such as 独居, 是否低保户 or 低保对象 asks to tick, as its code; "" for none."""
    table = codes.table("service_category")
    bare = text.removeprefix("是否").removeprefix("属于").removeprefix("为")
    for ending in ("", "老人", "老年人", "户", "家庭", "对象", "人员", "儿童", "群众"):
        if bare.endswith(ending) and (found := table.read(bare.removesuffix(ending)).value if bare.removesuffix(ending) else None):
            return str(found)
    return ""
