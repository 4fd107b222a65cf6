// Questions as customers of the demo tenants would write them, each with the documents that answer it (any of them
// counts) or with none. `tuning` was looked at while search was built; `check` was written before and only measured.

export interface CustomerQuestion {
  text: string;
  /** Ids of documents that answer it; empty when no document does. */
  answers: string[];
}

export interface QuestionSet {
  tenant: string;
  domain: string;
  tuning: CustomerQuestion[];
  check: CustomerQuestion[];
}

function set(tenant: string, domain: string, tuning: string, check: string): QuestionSet {
  return { tenant, domain, tuning: read(tuning), check: read(check) };
}

/** One line a question: `text => id id`, or only the text for a question that nothing answers. */
function read(lines: string): CustomerQuestion[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [text = '', ids = ''] = line.split(' => ');
      return { text, answers: ids.split(' ').filter(Boolean) };
    });
}

export const questionSets: QuestionSet[] = [
  set(
    'sandra_cosmeticos',
    'cosmetics',
    `
    o creme que recebi tá com cheiro estranho, parece estragado => garantia-defeito avaria-entrega
    quero meu dinheiro de volta => reembolso-prazo arrependimento-online
    como faço pra trocar um perfume que ganhei => troca-como-pedir troca-prazo
    moro em salvador, quanto tempo até chegar aqui? => frete-nordeste
    entregam em belo horizonte? => frete-sudeste
    vocês mandam motoboy? => frete-campinas
    posso ir buscar hoje na loja => retirada-loja
    dá pra pagar em dinheiro na loja? => pagamento-formas
    dividem no cartão sem juros? => pagamento-parcelamento
    tenho cnpj, fazem preço de atacado? => atacado-revenda
    como junto pontos? => fidelidade-clube
    vocês abrem domingo? => empresa-horario
    a loja é perto de onde? => empresa-endereco
    como escolho o tom da base => faq-cor-base base-liquida-matte
    em que ordem uso sérum e hidratante? => faq-ordem-rotina
    pele seca, o que vocês indicam? => faq-pele-seca creme-nutritivo-castanha espuma-limpeza-suave
    dura quanto tempo aberto? => faq-validade-aberto
    quero cancelar a limpeza de pele de sábado => agenda-cancelamento
    fazem make pra casamento? => faq-maquiagem-eventos servico-maquiagem-noiva servico-maquiagem-social
    tem amostra grátis? => faq-amostras
    como sei que não é falsificado? => originalidade
    a embalagem é discreta? => faq-embalagem-discreta
    meu pedido não chegou ainda e já passou do prazo => rastreio frete-sudeste entrega-ausente
    Qual o prazo para trocar um produto? => troca-prazo
    comprei um batom ontem e não gostei da cor, posso trocar? => troca-condicoes troca-prazo
    vcs trocam perfume aberto? => troca-condicoes
    quantos dias tenho pra devolver compra feita no site => arrependimento-online
    meu pedido chegou todo quebrado => avaria-entrega
    o hidratante veio vazando na caixa, e agora? => avaria-entrega
    mandaram o produto errado => item-errado
    qdo cai o estorno no cartao? => reembolso-prazo
    passei o creme e deu alergia => alergia-politica
    vcs entregam em campinas no mesmo dia? => frete-campinas
    qnt tempo demora pra chegar em Recife? => frete-nordeste
    prazo de entrega pra curitiba => frete-sul
    a partir de quanto o frete é gratis? => frete-gratis
    ainda não recebi o código de rastreio => rastreio
    dá pra buscar na loja? => retirada-loja
    nao tinha ninguem em casa na hora da entrega => entrega-ausente
    aceita pix? => pagamento-pix pagamento-formas
    parcela em quantas vzs sem juros? => pagamento-parcelamento
    tem cupom pra primeira compra? => cupom-primeira-compra
    quero cancelar meu pedido => cancelamento-pedido
    fazem embrulho pra presente? => embalagem-presente
    quero revender, como funciona? => atacado-revenda
    como funciona o programa de pontos => fidelidade-clube
    q horas vcs abrem no sábado => empresa-horario
    onde fica a loja? => empresa-endereco
    tem estacionamento? => empresa-endereco
    vcs testam em animais? => faq-vegano
    to grávida, posso usar retinol? => faq-gestante serum-noturno-retinol
    qual produto é bom pra pele oleosa => faq-pele-oleosa kit-rotina-pele-oleosa gel-creme-hidratante-oil-free
    tem protetor solar com cor? => protetor-com-cor-fps50
    xampu sem sal pra quem fez progressiva => xampu-sem-sal-babosa faq-cabelo-progressiva
    meu cartão foi recusado => faq-pagamento-recusado
    quero marcar uma limpeza de pele => agenda-como-marcar servico-limpeza-pele
    preciso desmarcar minha sobrancelha => agenda-cancelamento
    tem desconto na black friday? => black-friday-2026
    seus produtos são originais? => originalidade
    esqueci minha senha => faq-cadastro-senha
    how long do I have to exchange a product? => troca-prazo
    ¿hacen envíos fuera de Brasil? => faq-exterior
    Quem ganhou a copa de 2002?
    qual a capital da frança?
    me conta uma piada
    vai chover amanhã em são paulo?
    qual a receita de bolo de cenoura?
    em quem voce vai votar na eleição?
    como faço pra tirar passaporte
    quanto é 15 vezes 37
    vocês vendem pneu de caminhão?
    qual o telefone da prefeitura de campinas?
    escreve um poema sobre o mar
    `,
    `
    posso pedir troca depois de 20 dias? => troca-prazo
    quero devolver o q comprei pelo whats => arrependimento-online
    o vidro do perfume quebrou no transporte => avaria-entrega
    faltou um item na minha encomenda => item-errado
    quanto tempo leva pra devolverem meu dinheiro => reembolso-prazo
    minha pele ficou vermelha e coçando dps do sérum => alergia-politica
    entregam em manaus? => frete-norte
    frete pra goiania demora quanto => frete-centro-oeste
    cadê meu pedido? => rastreio
    em quanto tempo vcs postam? => postagem-prazo
    posso pagar no boleto? => pagamento-boleto pagamento-formas
    quais cartões aceitam => pagamento-formas
    tem disconto no pix? => pagamento-pix
    me manda a nota fiscal => nota-fiscal
    tem vale presente de 100 reais? => vale-presente
    guarda um perfume pra mim na loja? => reserva-produto
    tem desconto no meu aniversario? => fidelidade-aniversario
    apaga meus dados por favor => lgpd-exclusao
    posso deixar o carro aí perto? => empresa-endereco
    até que horas fica aberto hj => empresa-horario natal-2026-horario
    vou chegar uns 10 min atrasada na cabine => agenda-atraso
    o que não posso passar antes da limpeza de pele => agenda-preparo-limpeza
    tem produto pra criança de 4 anos? => faq-criancas sabonete-liquido-infantil
    reaplicar protetor de quantas em quantas horas? => faq-protetor-reaplicar
    queria um perfume amadeirado masculino => parfum-vento-morno
    batom vinho que não transfere => batom-liquido-matte-amora
    secador bivolt de 2000w => secador-ions-2000w
    mascara de cilios a prova dagua => mascara-cilios-volume
    querem currículo? => empresa-trabalhe-conosco
    falar com atendente => empresa-contato
    do you have free shipping? => frete-gratis
    vocês avisam qdo voltar ao estoque? => faq-aviso-reposicao
    quantos anos tem o presidente do brasil?
    traduza "bom dia" para o japonês
    qual o melhor time do brasileirão?
    como consertar um notebook que não liga?
    me ajuda com a lição de matemática do meu filho
    vcs vendem passagem aérea?
    quero saber meu saldo do inss
    qual a distância da terra até a lua
    `,
  ),
  set(
    'clinica_bem_viver',
    'healthcare',
    `
    quero marcar com pediatra => consulta-como-agendar consulta-pediatria
    aceitam minas cuidar? => convenios-aceitos
    quanto tempo antes preciso chegar? => chegada-antecedencia
    posso fazer consulta online? => telemedicina
    meu exame já ficou pronto? => exames-resultado
    podem me dizer se o meu exame deu normal? => resultado-sem-interpretacao
    tem vaga pra hoje? => lista-espera consulta-como-agendar
    cancelei a consulta, devolvem o dinheiro? => devolucao-pagamento
    dividem em quantas vezes? => pagamento-particular pacote-sessoes
    tem psicólogo infantil? => sessao-psicologia-infantil faq-crianca
    fazem pré natal? => faq-gravidez-pre-natal consulta-pre-natal
    onde estaciono? => empresa-endereco
    abre sábado? => empresa-horario
    preciso levar a carteirinha do plano? => documentos-levar faq-carteirinha-digital
    comprei uma palmilha e não serviu, troca? => troca-prazo troca-higiene
    vcs entregam a meia em casa? => produtos-retirada
    tô tossindo muito, posso ir na consulta? => mascara
    quero apagar meus dados => lgpd-exclusao
    quais convênios vocês aceitam? => convenios-aceitos
    atendem unimed? => convenios-aceitos
    quero marcar consulta com dermato => consulta-como-agendar consulta-dermatologia
    preciso desmarcar minha consulta de amanha => consulta-cancelamento
    vou atrasar 15 minutos, ainda me atendem? => consulta-atraso
    o retorno é pago? => consulta-retorno
    tem consulta por vídeo? => telemedicina consulta-renovacao-video
    o q preciso levar na consulta? => documentos-levar
    parcela a consulta? => pagamento-particular
    quando sai o resultado do exame => exames-resultado
    preciso de jejum pro exame de sangue? => exames-preparo
    preciso de um atestado => atestado
    renovar receita do meu remédio => receita-renovacao consulta-renovacao-video
    estou com dor no peito => emergencia faq-sintomas consulta-cardiologia
    posso tomar dipirona com antibiótico? => faq-remedio sem-orientacao-medica
    vcs atendem bebê? => faq-crianca consulta-pediatria
    tem rampa pra cadeirante? => empresa-acessibilidade
    que horas a clinica fecha => empresa-horario
    Qual o prazo para trocar um produto? => troca-prazo
    atende em casa? => faq-domiciliar fisioterapia-domiciliar
    qto tempo dura a sessao de psicologia => faq-sessao-psicologia
    meu plano reembolsa? => reembolso-convenio
    posso levar minha mãe junto na consulta => acompanhante
    quero fazer uma reclamação => ouvidoria
    meia de compressão => meia-compressao-media
    Quem ganhou a copa de 2002?
    qual a capital da frança?
    onde compro ingresso pro show?
    qual a cotação do dólar hoje
    vocês consertam celular?
    me indica um filme bom
    como se faz feijoada
    quem descobriu o brasil?
    `,
    `
    aceita plano de saúde? => convenios-aceitos
    dá pra remarcar pra semana q vem? => consulta-cancelamento
    faltei na consulta, vou ter que pagar? => consulta-falta
    tem vaga de encaixe hoje? => lista-espera
    posso escolher qual médico me atende => faq-medico-especifico
    meu filho de 15 anos pode ir sozinho? => menores-acompanhados
    como vejo meus exames no portal => exames-resultado faq-portal-senha
    quero copia do meu prontuario => prontuario-copia
    fazem eletro? => eletrocardiograma faq-exames-feitos
    preciso de pedido medico pra fisio? => faq-preciso-pedido
    tem pacote de sessões de fisioterapia? => pacote-sessoes
    vcs tem estacionamento? => empresa-endereco
    sou alérgica a látex => alergia-latex
    to com febre e tosse posso ir? => mascara faq-sintomas
    fazem exame admissional? => faq-empresa-ocupacional
    quero agendar nutricionista => consulta-como-agendar consulta-nutricao
    abre no natal? => recesso-natal-2026 empresa-horario
    vcs emitem nota? => nota-fiscal
    terapia de casal => terapia-casal
    do you speak english? => faq-idioma
    qual o horóscopo de peixes
    como instalar o windows
    quanto custa um iphone 15?
    quem é o técnico da seleção
    me passa o código do wifi do vizinho
    `,
  ),
  set(
    'casa_aurora_moveis',
    'retail',
    `
    vocês entregam no rio? => entrega-sudeste
    o móvel veio com a lateral amassada => avaria-entrega
    arrependi da compra do site => arrependimento-online
    quanto tempo leva pra montarem? => montagem
    instalam a tv no painel? => montagem-nao-inclui
    qual o melhor colchão pra dor nas costas => faq-firmeza-colchao colchao-bom-sono-queen-firme
    mesa pra 8 pessoas => mesa-extensivel-tropeiro
    fazem sob medida pra cozinha? => faq-moveis-planejados
    vou viajar, pode guardar meu sofá? => guarda-produto entrega-reagendar
    tem loja fisica? => empresa-endereco
    meu cupim voltou kkk o móvel tem tratamento? => faq-cupim
    onde vejo minha nota? => nota-fiscal
    posso pagar no boleto? => pagamento-formas
    Qual o prazo para trocar um produto? => troca-prazo
    ja montei o guarda roupa, posso trocar? => troca-montado
    o sofá chegou rasgado => avaria-entrega
    veio faltando parafuso => item-errado
    qual a garantia dos moveis => garantia-moveis
    quanto tempo demora a entrega em curitiba? => entrega-curitiba
    entregam em porto alegre? => entrega-rio-grande-do-sul
    vocês montam o móvel? => montagem
    o sofa nao cabe no elevador, e ai? => entrega-escada-elevador entrega-icamento
    dá pra escolher o dia da entrega? => entrega-agendada
    frete é grátis? => frete-gratis
    divide em qtas vezes? => pagamento-parcelamento
    desconto à vista no pix? => pagamento-pix
    tem sofá que vira cama? => sofa-cama-morretes
    mesa de jantar 6 lugares madeira => mesa-jantar-araucaria-6 mesa-extensivel-tropeiro
    cadeira pra escritório com apoio lombar => cadeira-escritorio-gralha
    tenho gato, qual tecido não desfia? => faq-pet-tecido
    fazem móvel planejado? => faq-moveis-planejados
    levam meu sofá velho embora? => movel-antigo
    que horas abre o showroom no domingo? => empresa-horario
    posso cancelar a compra? => cancelamento-pedido
    minha mesa tá bamba, vcs mandam técnico? => assistencia-tecnica
    como limpa o sofá de suede => faq-limpeza-sofa
    colchão firme ou macio? => faq-firmeza-colchao colchao-bom-sono-queen-firme colchao-bom-sono-queen-macio
    vcs guardam o móvel até minha obra acabar? => guarda-produto
    Quem ganhou a copa de 2002?
    qual a capital da frança?
    vcs vendem geladeira?
    como plantar tomate em casa
    qual o resultado da mega sena
    me recomenda uma série
    quem pintou a mona lisa
    `,
    `
    não serviu na minha sala, posso devolver? => troca-prazo arrependimento-online
    chegou com um risco na porta => avaria-entrega
    cor veio errada => item-errado
    entregam em são paulo capital? => entrega-sudeste
    quanto cobram pra montar => montagem servico-montagem-avulsa
    preciso mudar a data da entrega => entrega-reagendar
    posso retirar no deposito? => retirada-loja
    rastrear pedido => rastreio
    poltrona reclinável => poltrona-reclinavel-ivai
    guarda-roupa com espelho => guarda-roupa-ribeira-6-portas
    tem berço? => berco-floresta-3-em-1
    móvel pra varanda => conjunto-varanda-lagoa faq-area-externa
    aguenta quantos quilos a prateleira? => faq-peso-suportado
    posso testar o colchão antes? => faq-teste-colchao
    vcs alugam móveis? => faq-aluguel
    dão cashback? => fidelidade-aurora
    o preço do site é igual ao da loja? => preco-igual
    quero pagar metade agora e metade depois no sob medida => pagamento-sob-medida
    mandam amostra do tecido? => amostra-tecido
    sofá impermeabilizado => servico-impermeabilizacao
    devolucão do dinheiro demora? => reembolso-prazo
    can I pay in installments? => pagamento-parcelamento
    fala uma curiosidade sobre dinossauros
    qual o endereço do hospital mais perto
    como calcular imposto de renda
    tem vaga no hotel pra sábado?
    `,
  ),
  set(
    'studio_reforma',
    'services',
    `
    quanto custa pra pintar uma parede? => pintura-interna
    fazem reforma de cozinha? => reforma-cozinha faq-tempo-cozinha
    parcelam a obra? => pagamento-formas pagamento-etapas
    trabalham de fim de semana? => horario-obra empresa-horario
    limpam a sujeira no final? => protecao-limpeza limpeza-pos-obra
    meu ralo entupiu => desentupimento
    instalar tomada nova => instalacao-tomada
    atendem chapada dos guimarães? => area-atendida
    vcs tem garantia? => garantia-servico
    a equipe tá atrasada => visita-atraso atraso-obra
    quero trocar o piso => piso-vinilico assentamento-porcelanato faq-piso-sobre-piso
    colocam porcelanato? => assentamento-porcelanato
    meu telhado tá pingando => manutencao-telhado faq-infiltracao-mancha faq-piscina-telhado
    vcs fazem orçamento de graça? => visita-tecnica orcamento-prazo
    quanto tempo vale o orçamento? => orcamento-prazo
    pode ser orçamento por foto? => orcamento-foto
    atendem em várzea grande? => area-atendida
    como é o pagamento da obra? => pagamento-etapas pagamento-formas
    qual a garantia do serviço => garantia-servico
    a pintura descascou, como uso a garantia => garantia-acionar garantia-servico
    tem vazamento aqui em casa agora, é urgente => plantao-emergencia conserto-vazamento
    cheiro de gás na cozinha => emergencia-choque-gas
    vcs levam o entulho? => entulho
    quanto tempo leva pra reformar um banheiro => faq-tempo-banheiro reforma-banheiro
    posso derrubar uma parede? => parede-estrutural
    quero cancelar o contrato => contrato-cancelamento
    instalam ar condicionado => instalacao-ar-split
    preciso trocar o chuveiro => instalacao-chuveiro faq-chuveiro-220
    desentupir pia => desentupimento
    a obra tá atrasada => atraso-obra
    sobrou piso, posso devolver? => material-sobra troca-prazo
    Qual o prazo para trocar um produto? => troca-prazo
    quem entra na minha casa é de confiança? => equipe-segura
    Quem ganhou a copa de 2002?
    qual a capital da frança?
    vocês vendem roupa?
    qual o melhor celular até mil reais
    como curar gripe
    `,
    `
    parcelam no cartao? => pagamento-formas
    quebraram meu vaso durante o serviço => dano-durante-obra
    pintar o teto => pintura-teto
    preciso estar em casa? => faq-preciso-estar
    quantos btus pro quarto de 12m2 => faq-ar-btus
    trabalham sábado? => horario-obra empresa-horario
    precisa de ART pro condominio? => condominio-art
    posso comprar o material eu mesmo => material-cliente
    tem desconto pra quem indica amigo? => desconto-indicacao
    desmarcar a visita => visita-cancelamento
    limpar caixa dagua => caixa-dagua-limpeza
    montam guarda-roupa? => montagem-moveis
    tenho cachorro, tem problema durante a obra? => animais-criancas
    fazem forro de gesso? => forro-gesso
    mudei de ideia sobre o piso no meio da obra => mudanca-escopo
    cadê minha nota fiscal? => nota-fiscal
    como emagrecer rápido
    qual a previsão do tempo
    quem foi pelé
    que dia é a páscoa
    `,
  ),
];

/** Asked of every tenant while search was tuned: nothing any of them knows answers these. */
export const unrelatedQuestions: string[] = `
  quem é o presidente dos estados unidos?
  qual a altura do monte everest
  me ensina a tocar violão
  quantos planetas tem o sistema solar
  faz minha redação do enem
  qual o resultado do jogo de ontem
  como tirar mancha de vinho da toalha
  onde fica o banheiro mais próximo da rodoviária
  o que é inteligência artificial
  qual o salário mínimo em 2026
  me manda o código pix do meu boleto de luz
  tem uber na cidade?
  qual o melhor restaurante japonês da cidade
  quando é o próximo feriado em portugal
  vcs fazem tatuagem?
  vendem remédio pra dor de cabeça?
  quero comprar um carro usado
  vocês emprestam dinheiro?
  como abrir uma conta no banco
  quero alugar um apartamento
  qual a senha do wifi da minha casa
  quem inventou o avião
  conta a história do brasil
  me explica a teoria da relatividade
  por que o céu é azul
  qual a cura do câncer
  como faço pra emagrecer 10 kg
  a que horas passa o ônibus 305
  tem ingresso pro show do coldplay?
  qual o signo de quem nasce em março
  escreva um código em python
  você é um robô?
  qual sua opinião sobre o aborto
  vocês consertam geladeira?
  preciso de um advogado trabalhista
  qual a tabela do campeonato brasileiro
  quero ração pra cachorro
  tem emprego de motorista de caminhão?
  quanto custa uma passagem pra lisboa
  qual é o sentido da vida
`
  .split('\n')
  .map((line) => line.trim())
  .filter(Boolean);
