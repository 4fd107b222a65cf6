// The fixed sentences, in the three languages we write. They carry no facts: hours, names and rules are filled in from
// the tenant's own configuration, and what is not configured is not said.
import type { Language } from '../language.ts';

interface Phrases {
  greeting: (name: string | null, company: string) => string;
  thanks: string;
  /** After an "ok", and after a "no" to our offer. */
  allRight: string;
  goodbye: string;
  nothingFound: string;
  offerPerson: string;
  handoffOpen: string;
  handoffClosed: (when: string | null) => string;
  /** A person was called, nobody wrote in the time they had. */
  nobodyCameOpen: string;
  nobodyCameClosed: (when: string | null) => string;
  /** The customer writes again while a person is waited for. */
  stillWaitingOpen: string;
  stillWaitingClosed: (when: string | null) => string;
  trouble: string;
  troubleOffer: string;
  foreignSource: string;
  price: (amount: string) => string;
  inStock: string;
  outOfStock: string;
  foundSeveral: string;
}

const withName = (word: string, name: string | null) => (name ? `${word}, ${name}` : word);

export const phrases: Record<Language, Phrases> = {
  pt: {
    greeting: (name, company) => `${withName('Olá', name)}! Atendimento ${company} por aqui. Como posso ajudar?`,
    thanks: 'Por nada! Se precisar de mais alguma coisa, é só chamar.',
    allRight: 'Tudo bem! Se precisar de mais alguma coisa, é só chamar.',
    goodbye: 'Até logo! Quando precisar, é só mandar mensagem.',
    nothingFound: 'Não encontrei essa informação por aqui e prefiro não arriscar uma resposta errada.',
    offerPerson: 'Quer que eu chame uma pessoa da equipe?',
    handoffOpen: 'Vou chamar uma pessoa da equipe para continuar com você por aqui.',
    handoffClosed: (when) =>
      when
        ? `Deixei sua mensagem com a equipe. Agora estamos fora do horário de atendimento; uma pessoa responde por aqui a partir de ${when}.`
        : 'Deixei sua mensagem com a equipe. Agora estamos fora do horário de atendimento; uma pessoa responde por aqui assim que possível.',
    nobodyCameOpen:
      'Ainda não conseguiram responder por aqui, me desculpe pela espera. Sua mensagem continua com a equipe e já avisei de novo.',
    nobodyCameClosed: (when) =>
      when
        ? `Ainda não conseguiram responder por aqui, me desculpe pela espera. Agora estamos fora do horário de atendimento; sua mensagem continua com a equipe, que volta ${when}.`
        : 'Ainda não conseguiram responder por aqui, me desculpe pela espera. Agora estamos fora do horário de atendimento; sua mensagem continua com a equipe.',
    stillWaitingOpen: 'Recebi. Sua mensagem está com a equipe, e uma pessoa continua com você por aqui.',
    stillWaitingClosed: (when) =>
      when
        ? `Recebi e deixei com a equipe. Agora estamos fora do horário de atendimento; uma pessoa responde por aqui a partir de ${when}.`
        : 'Recebi e deixei com a equipe. Agora estamos fora do horário de atendimento; uma pessoa responde por aqui assim que possível.',
    trouble: 'Tive um problema para concluir essa resposta, me desculpe.',
    troubleOffer: 'Posso chamar uma pessoa da equipe para ajudar?',
    foreignSource: '',
    price: (amount) => `Preço hoje: ${amount}.`,
    inStock: 'Disponível em estoque.',
    outOfStock: 'No momento está sem estoque.',
    foundSeveral: 'Encontrei estas opções:',
  },
  en: {
    greeting: (name, company) => `${withName('Hello', name)}! This is ${company}. How can I help you?`,
    thanks: "You're welcome! Just write if you need anything else.",
    allRight: 'All right! Just write if you need anything else.',
    goodbye: 'Goodbye! Write whenever you need us.',
    nothingFound: "I couldn't find that information, and I'd rather not guess.",
    offerPerson: 'Would you like me to call someone from the team?',
    handoffOpen: "I'm calling someone from the team to continue with you here.",
    handoffClosed: (when) =>
      when
        ? `I've left your message with the team. We are closed right now; someone will answer here from ${when}.`
        : "I've left your message with the team. We are closed right now; someone will answer here as soon as possible.",
    nobodyCameOpen:
      "Nobody has been able to answer you yet, and I'm sorry for the wait. Your message is still with the team, and I have told them again.",
    nobodyCameClosed: (when) =>
      when
        ? `Nobody has been able to answer you yet, and I'm sorry for the wait. We are closed right now; your message is still with the team, who are back ${when}.`
        : "Nobody has been able to answer you yet, and I'm sorry for the wait. We are closed right now; your message is still with the team.",
    stillWaitingOpen: 'Got it. Your message is with the team, and someone will continue with you here.',
    stillWaitingClosed: (when) =>
      when
        ? `Got it, I've passed it on to the team. We are closed right now; someone will answer here from ${when}.`
        : "Got it, I've passed it on to the team. We are closed right now; someone will answer here as soon as possible.",
    trouble: 'Sorry, I ran into a problem with this answer.',
    troubleOffer: 'Shall I call someone from the team to help?',
    foreignSource: 'This is the information we have, in Portuguese:',
    price: (amount) => `Price today: ${amount}.`,
    inStock: 'In stock.',
    outOfStock: 'Out of stock at the moment.',
    foundSeveral: 'I found these options:',
  },
  es: {
    greeting: (name, company) => `${withName('¡Hola', name)}! Le atiende ${company}. ¿En qué puedo ayudarle?`,
    thanks: '¡De nada! Si necesita algo más, escríbanos.',
    allRight: '¡Muy bien! Si necesita algo más, escríbanos.',
    goodbye: '¡Hasta luego! Escríbanos cuando quiera.',
    nothingFound: 'No encontré esa información y prefiero no darle una respuesta equivocada.',
    offerPerson: '¿Quiere que llame a una persona del equipo?',
    handoffOpen: 'Voy a llamar a una persona del equipo para que siga con usted por aquí.',
    handoffClosed: (when) =>
      when
        ? `Dejé su mensaje con el equipo. Ahora estamos fuera del horario de atención; una persona le responderá por aquí a partir de ${when}.`
        : 'Dejé su mensaje con el equipo. Ahora estamos fuera del horario de atención; una persona le responderá por aquí en cuanto sea posible.',
    nobodyCameOpen:
      'Todavía no han podido responderle; disculpe la espera. Su mensaje sigue con el equipo y ya les avisé de nuevo.',
    nobodyCameClosed: (when) =>
      when
        ? `Todavía no han podido responderle; disculpe la espera. Ahora estamos fuera del horario de atención; su mensaje sigue con el equipo, que vuelve ${when}.`
        : 'Todavía no han podido responderle; disculpe la espera. Ahora estamos fuera del horario de atención; su mensaje sigue con el equipo.',
    stillWaitingOpen: 'Recibido. Su mensaje está con el equipo y una persona seguirá con usted por aquí.',
    stillWaitingClosed: (when) =>
      when
        ? `Recibido, se lo dejé al equipo. Ahora estamos fuera del horario de atención; una persona le responderá por aquí a partir de ${when}.`
        : 'Recibido, se lo dejé al equipo. Ahora estamos fuera del horario de atención; una persona le responderá por aquí en cuanto sea posible.',
    trouble: 'Tuve un problema para terminar esta respuesta, disculpe.',
    troubleOffer: '¿Llamo a una persona del equipo para que le ayude?',
    foreignSource: 'Esta es la información que tenemos, en portugués:',
    price: (amount) => `Precio hoy: ${amount}.`,
    inStock: 'Disponible.',
    outOfStock: 'Sin existencias por el momento.',
    foundSeveral: 'Encontré estas opciones:',
  },
};
